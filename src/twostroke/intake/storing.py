"""Rows of a file onto the log, a slice at a time, each slice one short transaction that also notes how far it came."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.db import transaction
from django.db.models import F

from twostroke.identity.actions import store_identifiers
from twostroke.identity.facts import Minter
from twostroke.intake.facts import ImportBusyError, RejectedRow, TranslatedRow, Verdict
from twostroke.intake.models import Import, ImportFile
from twostroke.intake.rules import Judge, Known, record_id, short_record, short_version, version_of
from twostroke.kit.ids import opaque
from twostroke.kit.time import now_micros, now_millis
from twostroke.ledger.actions import HOUSE, append
from twostroke.ledger.facts import Draft, Held, Message, Outcome, Precision, Trust
from twostroke.ledger.queries import known_records

Row = TranslatedRow | RejectedRow
# A line of confirmations must stay readable, and short enough to be folded in one step (LEDGER §3).
CONFIRMED_AT_ONCE = 1000


@dataclass(slots=True)
class Storing:
    """One file on its way in. ``rows_in`` are its rows on the log, those of earlier runs included."""

    import_id: str
    source: str
    record: str
    batch: str
    news: bool
    minter: Minter
    judge: Judge
    dry_run: bool = False
    rows_in: int = 0
    # 64 bits of record and version each: a million rows must fit in memory.
    here: dict[int, int] = field(default_factory=dict)
    counts: Counter[Verdict] = field(default_factory=Counter)

    def take(self, rows: Sequence[Row]) -> None:
        """Store, confirm or hold these rows, and note that they are in. Nothing is written on a dry run.

        Raises ``ImportBusyError`` where the import was undone, or gone on with by another process, in the meantime:
        then none of these rows is stored here.
        """
        translated = [row for row in rows if isinstance(row, TranslatedRow)]
        messages = [self._message(row) for row in translated]
        verdicts = self._verdicts(messages)
        verdicts[Verdict.REJECTED] += len(rows) - len(translated)
        if self.dry_run:
            self.minter.drain()
        else:
            self._write(messages, [row for row in rows if isinstance(row, RejectedRow)], verdicts, len(rows))
        self.rows_in += len(rows)
        self.counts.update(verdicts)

    def pass_over(self, rows: Sequence[Row]) -> None:
        """Rows that are in since an earlier run of the same import: remembered, not written."""
        for row in rows:
            if isinstance(row, TranslatedRow):
                message_id = self._name(row)[0]
                self.here[short_record(message_id)] = short_version(message_id)
        self.minter.drain()

    def _name(self, row: TranslatedRow) -> tuple[str, str]:
        """A row's message id, and the version that is its second half."""
        key: bytes = settings.TWOSTROKE_KEY
        version = version_of(key, row)
        return f"{record_id(key, self.source, self.record, row.record)}.{version}", version

    def _message(self, row: TranslatedRow) -> Message:
        name, version = self._name(row)
        return Message(
            self.source, name, version, row.drafts, Trust.KNOWN, news=self.news, batch=self.batch, row=row.row
        )

    def _verdicts(self, messages: Sequence[Message]) -> Counter[Verdict]:
        records = dict.fromkeys(message.message_id.partition(".")[0] for message in messages)
        known = {
            record: Known(counts, attested)
            for record, (counts, attested) in known_records(self.source, list(records), leave_out=self.batch).items()
        }
        verdicts: Counter[Verdict] = Counter()
        for message in messages:
            name = message.message_id
            record = short_record(name)
            verdict, same_after_all = self.judge.verdict(
                name, message.row or 0, known.get(name.partition(".")[0]), self.here.get(record)
            )
            self.here[record] = short_version(name)
            verdicts[verdict] += 1
            if same_after_all:
                verdicts[Verdict.CHANGED] -= 1
                verdicts[Verdict.SAME] += 1
        return verdicts

    def _write(
        self, messages: Sequence[Message], rejected: Sequence[RejectedRow], verdicts: Counter[Verdict], rows: int
    ) -> None:
        held = [Held(self.source, r.code, r.reason, r.original, batch=self.batch, row=r.row) for r in rejected]
        with transaction.atomic():
            store_identifiers(self.minter.drain())
            outcomes = append(messages, held=held)
            again = [m for m, outcome in zip(messages, outcomes, strict=True) if outcome is Outcome.DUPLICATE]
            if again:
                append(list(self._confirmations(again)))
            stored = zip(messages, outcomes, strict=True)
            self._note(verdicts, rows, sum(len(m.drafts) for m, outcome in stored if outcome is Outcome.STORED))

    def _note(self, verdicts: Counter[Verdict], rows: int, lines: int) -> None:
        """Note that these rows are in, if nobody else has noted any since."""
        mine = ImportFile.objects.filter(batch=self.batch, rows_in=self.rows_in).update(
            rows_in=F("rows_in") + rows,
            lines=F("lines") + lines,
            **{str(verdict): F(str(verdict)) + number for verdict, number in verdicts.items() if number},
            older=self.judge.older,
        )
        going_on = Import.objects.filter(id=self.import_id, state="running").update(
            rows_done=F("rows_done") + rows, touched_at=now_millis()
        )
        if not (mine and going_on):
            raise ImportBusyError(
                f"Import {self.import_id} was undone, or another process went on with it: nothing more was done here.",
                self.import_id,
            )

    def _confirmations(self, messages: Sequence[Message]) -> Iterable[Message]:
        """Lines that say: this batch says these stored messages, too (LEDGER §3)."""
        for start in range(0, len(messages), CONFIRMED_AT_ONCE):
            some = messages[start : start + CONFIRMED_AT_ONCE]
            name = f"confirmed:{self.batch}:{some[0].row}-{some[-1].row}"
            rows = [[m.message_id, m.row] for m in some]
            told: dict[str, object] = {"batch": self.batch, "rows": rows, "source_name": self.source}
            draft = import_draft("import.confirmed", self.import_id, told)
            yield Message(HOUSE, name, opaque(settings.TWOSTROKE_KEY, name), (draft,), news=False)


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
