"""How an installation stands: what each of its servers tells those who ask ``/healthz``. Counts that name nobody."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from twostroke.kit.time import iso
from twostroke.ledger.parking import how_many_wait
from twostroke.ledger.projecting import behind
from twostroke.ledger.tail import parked
from twostroke.ledger.verify import last_verified


def standing() -> dict[str, Any]:
    """``behind``: how many lines and units the tables do not show yet, for how many seconds the oldest line waits, how
    many units are broken and how many lines parked, and since when the oldest of these waits. ``disk``: bytes that are
    free. ``verified``: the last whole reading of the log, None where there was none. Raises what the database raises
    where it does not answer.
    """
    late = behind()
    _many, since = how_many_wait()
    return {
        "behind": {
            "lines": late.lines,
            "units": late.units,
            "broken": late.broken,
            "oldest_seconds": late.seconds,
            "parked": len(parked()),
            "waiting_since": None if since is None else iso(since // 1000),
        },
        "disk": {"free_bytes": settings.TWOSTROKE_HOME.free_bytes()},
        "verified": last_verified(),
    }
