"""The keys that are live, as this process knows them; who used one, and who came with a wrong one.

Read from the database once a second and when a key is unknown, never for each request; written once a minute.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connections

from twostroke.kit.ids import opaque
from twostroke.kit.time import now_millis
from twostroke.team.actions import note_use
from twostroke.team.facts import ApiKey, Scope
from twostroke.team.queries import ANY_ORIGIN, digest_of, live_keys

REFRESH_SECONDS = 1.0
FLUSH_SECONDS = 60.0
_MOST_PLACES = 10_000
_OTHERS = "0" * 32


class KeysUnreadableError(RuntimeError):
    """The database could not be asked: whether a key is wrong is not known, so it must not be called wrong."""


@dataclass(slots=True)
class Keyring:
    """Live keys by the hash of their text. All but ``refresh`` and ``flush`` run on the loop's thread."""

    _keys: dict[str, ApiKey] = field(default_factory=dict)
    _origins: frozenset[str] = frozenset()
    _used: dict[int, int] = field(default_factory=dict)
    _wrong: Counter[str] = field(default_factory=Counter)
    _refreshed: float = 0.0
    _unreadable: bool = True
    _looking: asyncio.Task[None] | None = None

    async def find(self, text: str) -> ApiKey | None:
        """The live key with this text; one made a moment ago is found, too. Raises ``KeysUnreadableError``."""
        digest = digest_of(text)
        found = self._keys.get(digest)
        if found is None and text:
            # Whoever guesses keys waits here with all others who do: one look a second serves them all.
            if self._looking is None or self._looking.done():
                self._looking = asyncio.create_task(self._look())
            await asyncio.shield(self._looking)
            found = self._keys.get(digest)
            if found is None and self._unreadable:
                raise KeysUnreadableError
        if found is not None:
            self._used[found.id] = now_millis()
        return found

    async def _look(self) -> None:
        wait = self._refreshed + REFRESH_SECONDS / 2 - time.monotonic()
        if wait > 0:
            await asyncio.sleep(wait)
        await asyncio.to_thread(self.refresh)

    def refresh(self) -> None:
        """Read the live keys anew. What cannot be read now stays as it was."""
        try:
            keys = live_keys()
        except (DatabaseError, InterfaceError):
            connections.close_all()
            self._unreadable = True
            return
        finally:
            self._refreshed = time.monotonic()
        self._keys, self._unreadable = keys, False
        self._origins = frozenset(
            origin for key in keys.values() if key.scope is Scope.INTAKE_PUBLIC for origin in key.origins
        )

    def may_send(self, key: ApiKey, origin: str) -> bool:
        """Whether a page of this origin may send with this key."""
        return ANY_ORIGIN in key.origins or origin in key.origins

    def knows_origin(self, origin: str) -> bool:
        """Whether any public key is for pages of this origin: all that can be said before the key is seen."""
        return ANY_ORIGIN in self._origins or origin in self._origins

    def count_wrong(self, address: str) -> None:
        """One request from this address came with a key nobody knows."""
        place = opaque(settings.TWOSTROKE_KEY, "place", address)
        self._wrong[place if place in self._wrong or len(self._wrong) < _MOST_PLACES else _OTHERS] += 1

    def flush(self) -> None:
        """Write down what happened since the last time; what cannot be written now is kept for the next."""
        used, self._used = self._used, {}
        wrong, self._wrong = self._wrong, Counter()
        if not (used or wrong):
            return
        try:
            note_use(used=used, wrong=wrong)
        except (DatabaseError, InterfaceError):
            connections.close_all()
            self._used = used | self._used
            self._wrong.update(wrong)
