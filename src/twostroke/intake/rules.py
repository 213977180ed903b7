"""Pure decisions of intake: what identifies a row, and what a row turned out to be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from twostroke.intake.facts import TranslatedRow, Verdict
from twostroke.kit.ids import mac, opaque
from twostroke.ledger.facts import Draft

_encode = msgspec.json.Encoder(order="deterministic").encode


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


def version_of(key: bytes, row: TranslatedRow) -> str:
    """The opaque hash of the lines a row gives: the second half of its message id. Depends on nothing stored."""
    return mac(key, b"version\n" + _encode([said(draft) for draft in row.drafts]))


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
    """Says of each row of one batch, in order, what it is. ``place`` is the batch's own (version time, stamp)."""

    place: tuple[int, int]
    older: int = 0

    def verdict(self, message_id: str, row: int, known: Known | None, repeats: bool | None) -> Verdict:
        """``known``: the record before this batch, None if never said.

        ``repeats``: whether this batch said the very same of the record last; None where it said nothing of it yet.
        """
        if repeats is not None:
            return Verdict.SAME if repeats else Verdict.CHANGED
        if known is None or known.counts is None:
            return Verdict.NEW
        if known.counts == message_id:
            return Verdict.SAME
        counting = known.attested[known.counts]
        mine = known.attested.get(message_id)
        if (*self.place, row) < counting[:3]:
            self.older += 1
            return Verdict.SAME if mine is not None else Verdict.CHANGED
        # Rows of one file that say a record several times come back as they were: nothing has changed.
        return Verdict.SAME if mine is not None and mine[3] == counting[3] else Verdict.CHANGED
