"""Is it running, and how far behind: for supervisors and monitors."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, InterfaceError, connections

from twostroke.kit.time import iso, now_millis
from twostroke.ledger.standing import standing
from twostroke.receiving import answers
from twostroke.receiving.answers import Answer, Counted
from twostroke.receiving.writer import Writer

# A monitor that waits longer for an answer than this takes the server for dead.
PATIENCE_SECONDS = 2.0


@dataclass(slots=True)
class Health:
    """Answers for one server. The database is asked by one look at a time, so that a silent one holds up no others."""

    writer: Writer
    counted: Counted
    _looking: asyncio.Future[dict[str, Any]] | None = None
    _silent_since: int | None = None

    async def answer(self) -> Answer:
        """``queue`` (events, seconds the oldest waits), ``behind`` (lines, seconds of the oldest), ``disk``,
        ``verified``.

        503 while nothing can be stored, with a sentence on what is wrong and since when.
        """
        events, seconds = self.writer.waiting()
        looked = await self._look()
        said: dict[str, Any] = {
            "status": self._status(),
            "queue": {"events": events, "oldest_seconds": round(seconds, 3)},
            "stored_or_held": self.writer.committed,
            "answers": {str(status): count for status, count in sorted(self.counted.by_status.items())},
            **looked,
        }
        return answers.told(200 if said["status"] == "ok" else 503, said)

    async def _look(self) -> dict[str, Any]:
        if self._looking is None or self._looking.done():
            self._looking = asyncio.ensure_future(asyncio.to_thread(_looked))
        done, _ = await asyncio.wait({self._looking}, timeout=PATIENCE_SECONDS)
        looked = self._looking.result() if done else {"database": f"no answer within {PATIENCE_SECONDS:g} s"}
        if "database" not in looked:
            self._silent_since = None
        elif self._silent_since is None:
            self._silent_since = now_millis()
        return looked

    def _status(self) -> str:
        trouble = self.writer.trouble
        if trouble is not None:
            return f"Nothing can be stored since {iso(trouble.since)}: {trouble.sentence}"
        if self._silent_since is not None:
            return f"Nothing can be looked up since {iso(self._silent_since)}: the database does not answer."
        return "ok"


def _looked() -> dict[str, Any]:
    try:
        return standing()
    except (DatabaseError, InterfaceError) as error:
        return {"database": type(error).__name__}
    finally:
        connections.close_all()
