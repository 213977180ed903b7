"""Rows of a file onto the log, a slice at a time, each slice one short transaction that also notes how far it came."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.db import transaction
from django.db.models import F

from twostroke.identity.actions import store_identifiers
from twostroke.identity.facts import Minter
from twostroke.intake.facts import RejectedRow, TranslatedRow, Verdict
from twostroke.intake.models import Import, ImportFile
from twostroke.intake.rules import Judge, Known, record_id, version_of
from twostroke.kit.ids import opaque
from twostroke.kit.time import now_micros
from twostroke.ledger.actions import HOUSE, append
from twostroke.ledger.facts import Draft, Held, Message, Outcome, Precision, Trust
from twostroke.ledger.queries import known_records

Row = TranslatedRow | RejectedRow


@dataclass(slots=True)
class Storing:
    """One file on its way in. ``known`` caches what this batch itself said of each record, by record id."""

    import_id: str
    source: str
    record: str
    batch: str
    news: bool
    minter: Minter
    judge: Judge
    dry_run: bool = False
    # 64 bits of record and version each: a million rows must fit in memory.
    here: dict[int, int] = field(default_factory=dict)
    counts: Counter[Verdict] = field(default_factory=Counter)
    lines: int = 0

    def take(self, rows: Sequence[Row]) -> None:
        """Store, confirm or hold these rows, and note that they are in. Nothing is written on a dry run."""
        translated = [row for row in rows if isinstance(row, TranslatedRow)]
        key: bytes = settings.TWOSTROKE_KEY
        records = [record_id(key, self.source, self.record, row.record) for row in translated]
        known = self._known(records)
        messages, verdicts = [], Counter({Verdict.REJECTED: len(rows) - len(translated)})
        for row, record in zip(translated, records, strict=True):
            version = version_of(key, row)
            message_id = f"{record}.{version}"
            verdicts[self.judge.verdict(message_id, row.row, known.get(record), self._repeats(record, version))] += 1
            messages.append(self._message(row, message_id, version))
        if self.dry_run:
            self.minter.drain()
        else:
            self._write(messages, [row for row in rows if isinstance(row, RejectedRow)], verdicts, len(rows))
        self.counts.update(verdicts)

    def _known(self, records: Sequence[str]) -> dict[str, Known]:
        asked = [record for record in dict.fromkeys(records) if int(record[:16], 16) not in self.here]
        return {
            record: Known(counts, attested)
            for record, (counts, attested) in known_records(self.source, asked, leave_out=self.batch).items()
        }

    def pass_over(self, rows: Sequence[Row]) -> None:
        """Rows that are in since an earlier run of the same import: remembered, not written."""
        key: bytes = settings.TWOSTROKE_KEY
        for row in rows:
            if isinstance(row, TranslatedRow):
                self._repeats(record_id(key, self.source, self.record, row.record), version_of(key, row))
        self.minter.drain()

    def _repeats(self, record: str, version: str) -> bool | None:
        """Whether this file said the same of the record last; None where it said nothing of it yet."""
        name, now = int(record[:16], 16), int(version[:16], 16)
        before = self.here.get(name)
        self.here[name] = now
        return None if before is None else before == now

    def _message(self, row: TranslatedRow, message_id: str, version: str) -> Message:
        return Message(
            self.source, message_id, version, row.drafts, Trust.KNOWN, news=self.news, batch=self.batch, row=row.row
        )

    def _write(
        self, messages: Sequence[Message], rejected: Sequence[RejectedRow], verdicts: Counter[Verdict], rows: int
    ) -> None:
        held = [Held(self.source, r.code, r.reason, r.original, batch=self.batch, row=r.row) for r in rejected]
        with transaction.atomic():
            store_identifiers(self.minter.drain())
            outcomes = append(messages, held=held)
            again = [m for m, outcome in zip(messages, outcomes, strict=True) if outcome is Outcome.DUPLICATE]
            if again:
                append([self._confirmation(again)])
            ImportFile.objects.filter(batch=self.batch).update(
                rows_in=F("rows_in") + rows,
                **{str(verdict): F(str(verdict)) + number for verdict, number in verdicts.items() if number},
                older=self.judge.older,
            )
            Import.objects.filter(id=self.import_id).update(
                rows_done=F("rows_done") + rows, touched_at=now_micros() // 1000
            )
        self.lines += sum(
            len(m.drafts) for m, outcome in zip(messages, outcomes, strict=True) if outcome is Outcome.STORED
        )

    def _confirmation(self, messages: Sequence[Message]) -> Message:
        rows = [[m.message_id, m.row] for m in messages]
        name = f"confirmed:{self.batch}:{messages[0].row}-{messages[-1].row}"
        draft = import_draft("import.confirmed", self.import_id, {"batch": self.batch, "rows": rows, "source_name": self.source})
        return Message(HOUSE, name, opaque(settings.TWOSTROKE_KEY, name), (draft,), news=False)


def import_draft(
    kind: str, import_id: str, properties: dict[str, object], personal: dict[str, object] | None = None
) -> Draft:
    """A line about an import, now."""
    return Draft(
        kind=kind,
        subject_kind="import",
        subject=opaque(settings.TWOSTROKE_KEY, "import", import_id),
        happened_at=now_micros() // 1000,
        precision=Precision.MS,
        properties=properties,
        personal=personal or {},
    )
