"""Rows of a file onto the log, a slice at a time, each slice one short transaction that also notes how far it came."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import msgspec
from django.conf import settings
from django.db import connection, transaction

from twostroke.identity.actions import store_identifiers
from twostroke.identity.facts import Identifier, Minter
from twostroke.intake.facts import ImportBusyError, RejectedRow, TranslatedRow, Verdict
from twostroke.intake.rules import Judge, Known, named_in, record_id, short_record, short_version, version_of
from twostroke.intake.said import Said
from twostroke.kit.ids import opaque
from twostroke.kit.pacing import Pace
from twostroke.kit.time import now_micros, now_millis
from twostroke.ledger.actions import HOUSE, Checkpoints, InvalidMessageError, append
from twostroke.ledger.facts import Draft, Held, Message, Outcome, Precision, Trust
from twostroke.ledger.queries import complaints, known_records

Row = TranslatedRow | RejectedRow
# A line of confirmations must stay readable, and short enough to be folded in one step (LEDGER §3).
CONFIRMED_AT_ONCE = 1000
# Plain statements: these two stand in every slice, and the time they take is others' time to wait.
_NOTE_ROWS = (
    "UPDATE intake_importfile SET rows_in = rows_in + %s, lines = lines + %s, new = new + %s, same = same + %s, "
    "changed = changed + %s, rejected = rejected + %s, older = %s WHERE batch = %s AND rows_in = %s"
)
_NOTE_PROGRESS = (
    "UPDATE intake_import SET rows_done = rows_done + %s, touched_at = %s WHERE id = %s AND state = 'running'"
)


@dataclass(slots=True)
class Storing:
    """One file on its way in. ``rows_in`` are its rows on the log, those of earlier runs included.

    ``pace.size`` is how many rows to bring next, so that others who write wait no longer than it says.
    """

    import_id: str
    source: str
    record: str
    batch: str
    news: bool
    minter: Minter
    judge: Judge
    dry_run: bool = False
    rows_in: int = 0
    here: Said = field(default_factory=Said)
    # Below that, what each slice costs by itself outweighs its rows.
    pace: Pace = field(default_factory=lambda: Pace(size=100, smallest=50))
    checkpoints: Checkpoints = field(default_factory=Checkpoints)
    counts: Counter[Verdict] = field(default_factory=Counter)
    # Rows the translator let pass and the log could not hold, by the reason.
    refused: Counter[str] = field(default_factory=Counter)

    def take(self, rows: Sequence[Row]) -> None:
        """Store, confirm or hold these rows, and note that they are in. Nothing is written on a dry run.

        Raises ``ImportBusyError`` where the import was undone, or gone on with by another process, in the meantime:
        then none of these rows is stored here.
        """
        identifiers, older = self.minter.drain_unerased(), self.judge.older
        if self.dry_run:
            self._take(self._storable(rows), identifiers)
            return
        try:
            self._take(rows, identifiers)
        except InvalidMessageError:
            # Looked at again row by row, as to look twice at every row would cost all files what few need.
            self.judge.older = older
            self._take(self._storable(rows), identifiers)

    def _storable(self, rows: Sequence[Row]) -> list[Row]:
        """The same rows; those whose lines the log cannot hold (a cell of a megabyte) rejected, with the reason."""
        return [self._looked_at(row) if isinstance(row, TranslatedRow) else row for row in rows]

    def _looked_at(self, row: TranslatedRow) -> Row:
        wrong = next((complaint for draft in row.drafts for complaint in complaints(draft)), None)
        if wrong is None:
            return row
        self.refused[wrong] += 1
        original = msgspec.json.encode([cell.encode("utf-8", "replace").decode() for cell in row.cells])
        return RejectedRow(row.row, "not-storable", wrong, original)

    def _take(self, rows: Sequence[Row], identifiers: Sequence[Identifier]) -> None:
        messages = [self._message(row) for row in rows if isinstance(row, TranslatedRow)]
        said, verdicts = self._verdicts(messages)
        verdicts[Verdict.REJECTED] += len(rows) - len(messages)
        if not self.dry_run:
            rejected = [row for row in rows if isinstance(row, RejectedRow)]
            self._write(messages, rejected, identifiers, verdicts, len(rows))
        self.here.update(said)
        self.rows_in += len(rows)
        self.counts.update(verdicts)

    def pass_over(self, rows: Sequence[Row]) -> None:
        """Rows that are in since an earlier run of the same import: remembered, not written."""
        names = [self._name(row)[0] for row in rows if isinstance(row, TranslatedRow)]
        self.here.update({short_record(name): short_version(name) for name in names})
        self.minter.drain_unerased()

    def _name(self, row: TranslatedRow) -> tuple[str, str]:
        """A row's message id, and the version that is its second half."""
        key: bytes = settings.TWOSTROKE_KEY
        version = version_of(key, row, self.minter.risen)
        return f"{record_id(key, self.source, self.record, row.record)}.{version}", version

    def _message(self, row: TranslatedRow) -> Message:
        name, version = self._name(row)
        return Message(
            self.source, name, version, row.drafts, Trust.KNOWN, news=self.news, batch=self.batch, row=row.row
        )

    def _verdicts(self, messages: Sequence[Message]) -> tuple[dict[int, int], Counter[Verdict]]:
        """What these messages say last of each record, and how many of them are what."""
        records = dict.fromkeys(message.message_id.partition(".")[0] for message in messages)
        known = {
            record: Known(counts, attested)
            for record, (counts, attested) in known_records(self.source, list(records), leave_out=self.batch).items()
        }
        before = self.here.of(short_record(record) for record in records)
        said: dict[int, int] = {}
        verdicts: Counter[Verdict] = Counter()
        for message in messages:
            name = message.message_id
            record = short_record(name)
            verdict, same_after_all = self.judge.verdict(
                name, message.row or 0, known.get(name.partition(".")[0]), said.get(record, before.get(record))
            )
            said[record] = short_version(name)
            verdicts[verdict] += 1
            if same_after_all:
                verdicts[Verdict.CHANGED] -= 1
                verdicts[Verdict.SAME] += 1
        return said, verdicts

    def _write(
        self,
        messages: Sequence[Message],
        rejected: Sequence[RejectedRow],
        identifiers: Sequence[Identifier],
        verdicts: Counter[Verdict],
        rows: int,
    ) -> None:
        held = [Held(self.source, r.code, r.reason, r.original, batch=self.batch, row=r.row) for r in rejected]
        with transaction.atomic():
            # Waiting for the lock is not this slice's time; the commit, whose pages must reach the disk, is.
            self.pace.begin()
            transaction.on_commit(self.pace.end)
            store_identifiers(identifiers)
            outcomes = append(messages, held=held)
            again = [m for m, outcome in zip(messages, outcomes, strict=True) if outcome is Outcome.DUPLICATE]
            stored = [m for m, outcome in zip(messages, outcomes, strict=True) if outcome is Outcome.STORED]
            if self.minter.risen:
                named = named_in(draft for message in stored for draft in message.drafts)
                store_identifiers(self.minter.drain_named(named))
            if again:
                append(list(self._confirmations(again)))
            self._note(verdicts, rows, sum(len(message.drafts) for message in stored))
        self.checkpoints.between_slices()

    def _note(self, verdicts: Counter[Verdict], rows: int, lines: int) -> None:
        """Note that these rows are in, if nobody else has noted any since."""
        counts = [verdicts[verdict] for verdict in Verdict]
        with connection.cursor() as cursor:
            cursor.execute(_NOTE_ROWS, [rows, lines, *counts, self.judge.older, self.batch, self.rows_in])
            mine = cursor.rowcount
            cursor.execute(_NOTE_PROGRESS, [rows, now_millis(), self.import_id])
            going_on = cursor.rowcount
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
