"""Is it running, and how far behind: for supervisors and monitors."""

from __future__ import annotations

import asyncio
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connections

from twostroke.kit.time import iso
from twostroke.ledger.projecting import behind
from twostroke.ledger.verify import last_verified
from twostroke.receiving import answers
from twostroke.receiving.answers import Answer, Counted
from twostroke.receiving.writer import Writer


async def health(writer: Writer, counted: Counted) -> Answer:
    """``queue`` (events, seconds the oldest waits), ``behind`` (lines, seconds of the oldest), ``disk``, ``verified``.

    503 while nothing can be stored, with a sentence on what is wrong and since when.
    """
    events, seconds = writer.waiting()
    said: dict[str, Any] = {
        "status": "ok",
        "queue": {"events": events, "oldest_seconds": round(seconds, 3)},
        "stored_or_held": writer.committed,
        "answers": {str(status): count for status, count in sorted(counted.by_status.items())},
        **await asyncio.to_thread(_looked),
    }
    trouble = writer.trouble
    if trouble is not None:
        said["status"] = f"Nothing can be stored since {iso(trouble.since)}: {trouble.sentence}"
    return answers.told(200 if said["status"] == "ok" and "behind" in said else 503, said)


def _looked() -> dict[str, Any]:
    try:
        late = behind()
        return {
            "behind": {"lines": late.lines, "units": late.units, "broken": late.broken, "oldest_seconds": late.seconds},
            "disk": {"free_bytes": settings.TWOSTROKE_HOME.free_bytes()},
            "verified": last_verified(),
        }
    except (DatabaseError, InterfaceError) as error:
        return {"database": type(error).__name__}
    finally:
        connections.close_all()
