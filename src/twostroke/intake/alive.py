"""Whether the process that runs an import is still there."""

from __future__ import annotations

import os
import socket

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
    try:
        os.kill(int(row.process), 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
