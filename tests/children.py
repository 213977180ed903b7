"""Real processes in tests: they look at the database and home of the test that starts them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60.0


def environment(**more: str) -> dict[str, str]:
    """The environment of a child of this test. Needs the fixture ``fresh_database``."""
    at = connection.settings_dict
    if connection.vendor == "sqlite":
        url = f"sqlite:///{at['NAME']}"
    else:
        place = quote(str(at["HOST"]), safe="") + (f":{at['PORT']}" if at["PORT"] else "")
        url = f"postgres://{at['USER']}@{place}/{at['NAME']}"
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    here = {"TWOSTROKE_HOME": str(settings.TWOSTROKE_HOME.path), "TWOSTROKE_DATABASE_URL": url, "PYTHONPATH": path}
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TWOSTROKE_", "DJANGO_"))}
    return kept | here | more


@contextmanager
def child(*words: str, output: Path, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """``python *words`` with all its output in a file; killed when the block ends, if it still runs."""
    with output.open("ab") as file:
        process = subprocess.Popen(
            [sys.executable, *words], cwd=ROOT, env=environment(**more), stdout=file, stderr=subprocess.STDOUT,
            preexec_fn=_hears_ctrl_c,  # noqa: PLW1509 - one call of the C library, no lock is taken
        )  # fmt: skip
    try:
        yield process
    finally:
        process.send_signal(signal.SIGCONT)
        process.kill()
        process.wait()


def _hears_ctrl_c() -> None:
    """Whoever starts the tests in the background has Ctrl-C switched off for them and all their children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def until(what: Callable[[], object], *, seconds: float = PATIENCE, output: Path | None = None) -> None:
    """Wait until ``what()`` is true; fail with the child's words where it does not come."""
    end = time.monotonic() + seconds
    while not what():
        told = output.read_text("utf-8", "replace")[-3000:] if output is not None and output.exists() else ""
        assert time.monotonic() < end, f"waited {seconds:.0f} s in vain\n{told}"
        time.sleep(0.02)
