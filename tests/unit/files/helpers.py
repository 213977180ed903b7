"""Small steps the tests of the files connector share."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from twostroke.connectors.files.queries import Proposal, Settings, oddities, propose, read_tables, translator
from twostroke.identity.facts import Minter
from twostroke.intake.facts import Oddity, RejectedRow, TranslatedRow
from twostroke.ledger.catalogue import Catalogue
from twostroke.ledger.facts import Draft
from twostroke.site.wiring import all_kinds

CATALOGUE = Catalogue(all_kinds())


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of a set of files."""

    proposal: Proposal
    rows: dict[str, list[TranslatedRow | RejectedRow]]
    oddities: dict[str, list[Oddity]]
    minter: Minter

    def drafts(self, name: str | None = None) -> list[Draft]:
        """All lines, or those of one table."""
        tables = self.rows.values() if name is None else [self.rows[name]]
        return [draft for rows in tables for row in rows if isinstance(row, TranslatedRow) for draft in row.drafts]

    def kinds(self) -> Counter[str]:
        """How many lines of each kind."""
        return Counter(draft.kind for draft in self.drafts())

    def records(self) -> dict[str, str]:
        """The record each table was taken for."""
        return {table.name: table.record for table in self.proposal.mapping.tables}

    def odd(self, part: str) -> Oddity:
        """The one oddity whose words hold ``part``."""
        (found,) = [oddity for found in self.oddities.values() for oddity in found if part in oddity.what]
        return found


def bring(paths: Sequence[Path], proposal: Proposal | None = None, settings: Settings | None = None) -> Brought:
    """Reads, proposes and translates; every line passes the catalogue."""
    tables, minter, settings = read_tables(paths), Minter(b"k" * 32), settings or Settings()
    proposal = proposal or propose(tables, None, "test", currency=settings.currency)
    made = {
        table.name: translator(proposal.mapping, table, source="test", minter=minter, settings=settings, tables=tables)
        for table in tables
    }
    rows = {name: list(translation) for name, translation in made.items()}
    brought = Brought(proposal, rows, oddities(proposal, made, settings.currency), minter)
    wrong = Counter(complaint for draft in brought.drafts() for complaint in CATALOGUE.check(draft))
    assert not wrong, wrong.most_common(3)
    return brought


def write(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]], separator: str = ",") -> Path:
    """A CSV file."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=separator)
        writer.writerow(header)
        writer.writerows(rows)
    return path
