"""Run it: the web, the intake and the worker, under one supervisor, until Ctrl-C or SIGTERM.

Brings the database up to date first. One at a time for each home.
"""

from __future__ import annotations

import argparse
import errno
import fcntl
import http.client
import os
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from twostroke.cli.output import Failure
from twostroke.cli.supervising import Child, Supervisor

_LOOPBACK = ("127.", "::1", "localhost")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", metavar="ADDRESS", default="127.0.0.1", help="where to listen (default: 127.0.0.1)")
    parser.add_argument(
        "--port", metavar="N", type=int, default=8000, help="on which port (default: 8000; 0: any free)"
    )
    parser.add_argument(
        "--intake-port",
        metavar="N",
        type=int,
        help="on which port programs and web pages send events (default: the next one, 8001; 0: any free)",
    )
    parser.add_argument(
        "--worker-port",
        metavar="N",
        type=int,
        help="on which port the worker answers /healthz (default: the one after the intake's, 8002; 0: any free)",
    )
    parser.add_argument("--link", metavar="EMAIL", help="print a one-time sign-in link for this user")


def run(options: argparse.Namespace) -> int:
    return serve(
        host=options.host,
        port=options.port,
        intake_port=options.intake_port,
        worker_port=options.worker_port,
        link_for=options.link,
    )


def serve(
    *,
    host: str,
    port: int,
    intake_port: int | None = None,
    worker_port: int | None = None,
    link_for: str | None = None,
    further: Sequence[Child] = (),
) -> int:
    """Serve the chosen home until a stop; the exit code. ``Failure`` where it cannot begin. Django must be loaded.

    ``intake_port``: where events are taken; the port after the web's where none is given. ``worker_port``: where the
    worker says how it is; the port after the intake's. ``further`` are processes that run beside the three.
    """
    from twostroke.kit.home import Home

    home = Home.chosen()
    second = (port + 1 if port else 0) if intake_port is None else intake_port
    third = (second + 1 if second else 0) if worker_port is None else worker_port
    with (
        _only_one(home.path / "up.lock") as note,
        _listening(host, port) as web,
        _listening(host, second, "--intake-port") as intake,
        _listening(host, third, "--worker-port") as worker,
    ):
        _bring_up_to_date()
        addresses = [_address(host, listener.getsockname()[1]) for listener in (web, intake, worker)]
        path = _link(link_for)
        note(f"process {os.getpid()}, {addresses[0]}")
        _warn_of_names(host)
        Supervisor(
            children=(*_children(web, intake, worker), *further),
            environment={**os.environ, "TWOSTROKE_HOME": str(home.path)},
            say=_say,
            each_tick=_Announcement(host, web.getsockname()[1], addresses, path),
        ).run()
    print("Stopped.", flush=True)
    return 0


def free_port_after(port: int) -> int:
    """The next port where it is free, else 0: any. For trying things out; what clients know must not move."""
    try:
        socket.create_server(("127.0.0.1", port + 1)).close()
    except (OSError, OverflowError):
        return 0
    return port + 1 if port else 0


def _children(web: socket.socket, intake: socket.socket, worker: socket.socket) -> tuple[Child, ...]:
    gunicorn = [sys.executable, "-m", "gunicorn", "--config", "python:twostroke.site.serving"]
    receiving = [sys.executable, "-m", "twostroke.receiving"]
    working = [sys.executable, "-m", "twostroke.worker"]
    for listener in (web, intake, worker):
        listener.set_inheritable(True)
    return (
        Child("web", [*gunicorn, "--bind", f"fd://{web.fileno()}"], handed=(web.fileno(),)),
        Child("intake", [*receiving, "--fd", str(intake.fileno())], handed=(intake.fileno(),)),
        Child("worker", [*working, "--health-fd", str(worker.fileno())], handed=(worker.fileno(),)),
    )


@contextmanager
def _only_one(path: Path) -> Iterator[Callable[[str], None]]:
    """Hold the home's lock for the block. Yields what notes, for whoever comes second, who is here."""
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            who = file.read().strip() or "another process"
            raise Failure(
                f"Twostroke already runs for the home {path.parent} ({who}). Use that, or stop it first."
            ) from None

        def note(text: str) -> None:
            file.seek(0)
            file.truncate()
            file.write(text + "\n")
            file.flush()

        yield note
        note("")


def _listening(host: str, port: int, option: str = "--port") -> socket.socket:
    """The listening socket, held by the supervisor: a child that crashes does not lose its address to another."""
    where = f"port {port} on {host}"
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=1024)
    except OverflowError:
        raise Failure(f"there is no port {port}. Choose one from 1024 to 65535.", 2) from None
    except socket.gaierror:
        raise Failure(f"there is no address {host!r} to listen on. Use 127.0.0.1, or 0.0.0.0 for all.", 2) from None
    except OSError as error:
        reasons = {
            errno.EADDRINUSE: f"{where} is in use by another program. Choose another: twostroke up {option} {port + 1}",
            errno.EACCES: f"{where} may not be used by this user. Choose one above 1023: twostroke up {option} 8000",
            errno.EADDRNOTAVAIL: f"{host} is no address of this machine. Use 127.0.0.1, or 0.0.0.0 for all.",
        }
        raise Failure(reasons.get(error.errno or 0, f"cannot listen at {where}: {error.strerror}.")) from None


def _bring_up_to_date() -> None:
    """Make the steps the database has not made; ``Failure`` where a newer program made others, or the log is bare."""
    from django.core.management import call_command
    from django.db import connections

    from twostroke.ledger.fitting import stands

    schema = stands()
    if schema.missing_steps and not schema.unknown_steps:
        _say("Bringing the database up to date.")
        call_command("migrate", verbosity=0, interactive=False)
        schema = stands()
    connections.close_all()
    if not schema.fits:
        raise Failure(schema.sentence())


def _link(email: str | None) -> str | None:
    from twostroke.cli.link import sign_in_path

    return None if email is None else sign_in_path(email)


def _address(host: str, port: int) -> str:
    shown = {"0.0.0.0": socket.gethostname(), "::": socket.gethostname()}.get(host, host)  # noqa: S104 - only compared
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


def _warn_of_names(host: str) -> None:
    if not host.startswith(_LOOPBACK) and not os.environ.get("TWOSTROKE_HOSTS"):
        _say("Others will be refused until TWOSTROKE_HOSTS names the hosts people type, separated by commas.")


class _Announcement:
    """Says the address once, as soon as the web answers there."""

    def __init__(self, host: str, port: int, addresses: Sequence[str], link: str | None) -> None:
        loop_back = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - only compared
        self._host, self._port, self._link = loop_back.get(host, host), port, link
        self._address, self._intake, self._worker = addresses
        self._said = False

    def __call__(self) -> None:
        if self._said or not self._answers():
            return
        self._said = True
        print(f"Twostroke is at {self._address}/", flush=True)
        if self._link:
            print(f"Sign in, once, within 24 hours: {self._address}{self._link}", flush=True)
        print(f"Programs and web pages send to {self._intake}/ with a key: twostroke keys", flush=True)
        print(f"The worker says how it is at {self._worker}/healthz", flush=True)
        print("Stop it with Ctrl-C.", flush=True)

    def _answers(self) -> bool:
        """Whether anything is answered: which status depends on host names and HTTPS settings."""
        asking = http.client.HTTPConnection(self._host, self._port, timeout=0.5)
        with suppress(OSError, http.client.HTTPException):
            asking.request("GET", "/healthz")
            asking.getresponse().read()
            return True
        asking.close()
        return False


def _say(sentence: str) -> None:
    print(f"twostroke up: {sentence}", file=sys.stderr, flush=True)
