"""Whether the process that runs an import is still there."""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from pathlib import Path

from twostroke.intake.models import Import
from twostroke.kit.time import now_millis

# An import nobody touched for this long belongs to a process that is gone.
LEASE_MS = 30_000


def is_alive(row: Import) -> bool:
    """Whether somebody is at it: a process of this machine that exists, or one elsewhere that was heard of lately.

    Only a courtesy, to refuse early and in words: two that both believe they run it are told apart when they write.
    """
    if now_millis() - row.touched_at > LEASE_MS or not row.process:
        return False
    if row.host != socket.gethostname():
        return True
    if row.process == os.getpid():
        return False
    return _runs(int(row.process))


def _runs(process: int) -> bool:
    """Whether this machine's process runs. One that was killed is still listed until its parent has looked after it,
    which in a container may be never."""
    with suppress(OSError, IndexError):
        return Path(f"/proc/{process}/stat").read_text("ascii", "replace").rpartition(")")[2].split()[0] not in "ZX"
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
