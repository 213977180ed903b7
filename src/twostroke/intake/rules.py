"""Pure decisions of intake: what identifies a row, and what a row turned out to be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import msgspec

from twostroke.intake.facts import TranslatedRow, Verdict
from twostroke.kit.ids import OPAQUE_LENGTH, mac, opaque
from twostroke.ledger.facts import Draft

_encode = msgspec.json.Encoder(order="deterministic").encode
_SHORT = 15  # hexadecimal digits; Python keeps whole numbers of up to 60 bits in 32 bytes, longer ones in 48
_OPAQUE = re.compile(rb"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])")
NOTHING_RISEN: Mapping[str, str] = {}


def record_id(key: bytes, source: str, record_type: str, record: str) -> str:
    """The opaque id of a record of a source: the first half of the message ids of its rows."""
    return opaque(key, "row", source, record_type, record)


def said(draft: Draft) -> tuple[object, ...]:
    """What a draft says, field by field: the part of a row's version. The order is part of every stored message id."""
    return (
        draft.kind, draft.subject_kind, draft.subject, draft.happened_at, draft.precision, draft.identifier,
        draft.company, draft.actor, draft.channel, draft.campaign, draft.content, draft.amount_minor, draft.currency,
        draft.properties, draft.personal, draft.team, draft.stroke,
    )  # fmt: skip


def version_of(key: bytes, row: TranslatedRow, risen: Mapping[str, str] = NOTHING_RISEN) -> str:
    """The opaque hash of the lines a row gives: the second half of its message id.

    Depends on nothing stored: ids of values that were erased before (``risen``) count as the first ids they had, so
    that the same row is the same message after an erasure, too.
    """
    told = _encode([said(draft) for draft in row.drafts])
    if risen:
        told = _OPAQUE.sub(lambda found: risen.get(found[0].decode(), found[0].decode()).encode(), told)
    return mac(key, b"version\n" + told)


def named_in(drafts: Iterable[Draft]) -> set[str]:
    """All opaque ids in drafts."""
    return {name.decode() for draft in drafts for name in _OPAQUE.findall(_encode(said(draft)))}


def short_record(message_id: str) -> int:
    """60 bits of the record a message is about: enough to tell a file's records apart, small enough for millions."""
    return int(message_id[:_SHORT], 16)


def short_version(message_id: str) -> int:
    """60 bits of what a message says."""
    start = OPAQUE_LENGTH + 1
    return int(message_id[start : start + _SHORT], 16)


Place = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Known:
    """What was known of a record before the batch at hand.

    ``attested`` maps each stored message to its greatest attestation (version time, stamp, row, batch) by a batch not
    undone; ``counts`` is the message that counts, None where every batch that said it was undone.
    """

    counts: str | None
    attested: Mapping[str, tuple[int, int, int, str]]


@dataclass(slots=True)
class Judge:
    """Says of each row of one batch, in order, what it is. ``place`` is the batch's own (version time, stamp).

    ``older`` counts rows that change nothing because something newer is known of their records.
    """

    place: tuple[int, int]
    older: int = 0

    def verdict(
        self, message_id: str, row: int, known: Known | None, before: int | None = None
    ) -> tuple[Verdict, bool]:
        """What the row is; and whether the one before it in this file about its record was *same* after all.

        ``known``: the record before this batch, None if never said. ``before``: ``short_version`` of what this batch
        said of the record last, None where it said nothing of it yet. A file may name a record several times; what its
        last row says is what the file says, so an earlier one can only be judged when the next has been seen.
        """
        if before == short_version(message_id):
            return Verdict.SAME, False
        if known is None or known.counts is None:
            return (Verdict.NEW if before is None else Verdict.CHANGED), False
        return self._against(message_id, row, known), before is not None and self._only_earlier(before, known)

    def _against(self, message_id: str, row: int, known: Known) -> Verdict:
        if message_id == known.counts:
            return Verdict.SAME
        counting = known.attested[str(known.counts)]
        if self._stands(message_id, row, known) > counting[:3]:
            return Verdict.CHANGED
        self.older += self.place[0] < counting[0]
        return Verdict.SAME if message_id in known.attested else Verdict.CHANGED

    def _stands(self, message_id: str, row: int, known: Known) -> Place:
        """Where the message stands once this batch has said it, too (LEDGER §3)."""
        here = (*self.place, row)
        there = known.attested.get(message_id)
        if there is None:
            return here
        # Said again under the same file date it keeps its first place.
        return there[:3] if there[0] == here[0] else max(there[:3], here)

    def _only_earlier(self, before: int, known: Known) -> bool:
        """Whether what this file said first is what the file that counts said, too, before its own last word."""
        message_id = next((one for one in known.attested if short_version(one) == before), None)
        if message_id is None or message_id == known.counts:
            return False
        counting = known.attested[str(known.counts)]
        told_together = known.attested[message_id][3] == counting[3]
        return told_together and self._stands(message_id, 0, known) > counting[:3]
