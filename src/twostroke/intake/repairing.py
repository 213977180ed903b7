"""Held messages brought in after all: all alike, by rules, a few at a time, with the accounts exact at every step."""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from twostroke.identity.actions import store_identifiers
from twostroke.intake.facts import RefusedError, Repair, Rule
from twostroke.intake.mending import checked, mended
from twostroke.intake.reception import Reception, filled, leniently, unpacked, unstorable
from twostroke.intake.rules import named_in
from twostroke.kit.pacing import Pace
from twostroke.kit.time import now_micros
from twostroke.ledger.actions import CONFLICT, append, mark_held
from twostroke.ledger.facts import Message, Outcome
from twostroke.ledger.queries import HeldMessage, held_messages, stored_hashes

OF_A_FILE, ERASED, GONE = "of_a_file", "erased", "gone"
_SAID = {
    OF_A_FILE: "Rows of files are mended in the file: twostroke imports IMPORT --rejected gives them back.",
    ERASED: "Its content was erased with the person it was about.",
    GONE: "Somebody else repaired or discarded it in the meantime.",
    CONFLICT: "Another message with this id and other content is stored already.",
}
_AT_ONCE = 200
# What was received longer ago than this is no news to anybody.
_NEWS_FOR_MICROS = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Alike:
    """Which held messages: of a source, for a reason, or these ids."""

    source: str | None = None
    code: str | None = None
    ids: Collection[int] | None = None


def preview(alike: Alike, rules: Sequence[Rule]) -> Repair:
    """What these rules would do to all alike; nothing is written. Raises ``RuleError``."""
    return _repair(alike, rules, really=False)


def repair(alike: Alike, rules: Sequence[Rule] = ()) -> Repair:
    """Bring in what these rules mend; without rules, what can be read by now (replay). Raises ``RuleError``.

    What cannot stays held, with the reason now. A message that was received over a day ago is no news.
    """
    return _repair(alike, rules, really=True)


def discard(alike: Alike) -> int:
    """Give these messages up: they stay counted as quarantined and are shown no more. Returns how many."""
    gone = 0
    for some in _pages(alike):
        with transaction.atomic():
            gone += len(mark_held([one.id for one in some if one.state == "held"], "discarded"))
        time.sleep(0.001)
    return gone


def _repair(alike: Alike, rules: Sequence[Rule], *, really: bool) -> Repair:
    checked(rules)
    found, reception, pace = Repair(), Reception(), Pace(size=100)
    for some in _pages(alike):
        for start in range(0, len(some), pace.size):
            _some(some[start : start + pace.size], rules, reception, found, pace, really=really)
            time.sleep(0.001)  # outside of the lock: others who write come in between
    return found


def _pages(alike: Alike) -> Iterator[Sequence[HeldMessage]]:
    after = 0
    while some := held_messages(source=alike.source, code=alike.code, ids=alike.ids, after=after, limit=_AT_ONCE):
        yield some
        after = some[-1].id


def _some(
    held: Sequence[HeldMessage],
    rules: Sequence[Rule],
    reception: Reception,
    found: Repair,
    pace: Pace,
    *,
    really: bool,
) -> None:
    ready: list[tuple[HeldMessage, Message]] = []
    for one in held:
        found.looked += 1
        message = _message(one, rules, reception, found)
        if isinstance(message, RefusedError):
            _stays(found, message.code, message.reason)
        else:
            ready.append((one, message))
    if ready:
        with transaction.atomic(), pace.slice():
            _bring_in(ready, reception, found)
            if not really:
                transaction.set_rollback(True)


def _message(one: HeldMessage, rules: Sequence[Rule], reception: Reception, found: Repair) -> Message | RefusedError:
    opened = None if one.original is None else unpacked(one.original)
    if one.state != "held" or opened is None:
        code = GONE if one.state != "held" else ERASED if one.original is None else OF_A_FILE
        return RefusedError(code, _SAID[code])
    envelope, raw = opened
    try:
        # What its request said for it can be mended like what it says itself.
        event = filled(leniently(raw), envelope)
        after = mended(event, rules)
        message = reception.mended(envelope, raw, after, news=now_micros() - one.recorded_at < _NEWS_FOR_MICROS)
    except RefusedError as refused:
        return refused
    if found.example is None:
        found.example = (_shown(event), _shown(after))
    return unstorable(message) or message


def _bring_in(ready: Sequence[tuple[HeldMessage, Message]], reception: Reception, found: Repair) -> None:
    known = stored_hashes([message for _, message in ready])
    there = mark_held([one.id for one, message in ready if _fits(message, known)], "repaired")
    going = [(one, message) for one, message in ready if one.id in there]
    for one, message in ready:
        if one.id not in there:
            code = GONE if _fits(message, known) else CONFLICT
            _stays(found, code, _SAID[code])
    outcomes = append([message for _, message in going], repaired=[one.source for one, _ in going])
    stored = [message for (_, message), outcome in zip(going, outcomes, strict=True) if outcome is Outcome.STORED]
    store_identifiers(reception.minter.drain_named(named_in(draft for m in stored for draft in m.drafts)))
    found.stored += len(stored)
    found.duplicate += sum(outcome is Outcome.DUPLICATE for outcome in outcomes)
    again = sum(outcome is Outcome.QUARANTINED for outcome in outcomes)
    if again:  # two of one id among those at hand: the second is held anew, in the first one's stead
        found.still[CONFLICT] = found.still.get(CONFLICT, 0) + again
        found.why[CONFLICT] = _SAID[CONFLICT]


def _fits(message: Message, known: dict[tuple[str, str], str]) -> bool:
    there = known.get((message.source, message.message_id))
    return there is None or there == message.body_hash


def _stays(found: Repair, code: str, why: str) -> None:
    found.still[code] = found.still.get(code, 0) + 1
    found.why[code] = why


def _shown(event: Any) -> str:
    return json.dumps(event, ensure_ascii=False, indent=2)[:4000]
