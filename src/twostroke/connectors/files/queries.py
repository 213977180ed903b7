"""The door of the files connector: paths → tables → a mapping → lines and what is odd. Pure; nothing is stored here.

tables = read_tables(paths)
proposal = propose(tables, remembered, source, answers=answers, currency="EUR")
if proposal.open_questions: ask, or refuse
for table in tables:
    rows = translator(proposal.mapping, table, source=source, minter=minter, settings=Settings(...), tables=tables)
    for row in rows: ...                      # TranslatedRow | RejectedRow
    found = found_in(proposal, table.name, rows)
keep dump_mapping(proposal.mapping) for the source
"""

from __future__ import annotations

from twostroke.connectors.files.cells import Settings
from twostroke.connectors.files.facts import Broken, Table, UnreadableError
from twostroke.connectors.files.mapping import BadMappingError, ColumnMap, Mapping, TableMap, dump_mapping, load_mapping
from twostroke.connectors.files.oddities import found_in, oddities
from twostroke.connectors.files.propose import Proposal, fields_of, has_default, propose
from twostroke.connectors.files.reading import passed_over, read_tables
from twostroke.connectors.files.translate import Translation, translator

__all__ = [
    "BadMappingError",
    "Broken",
    "ColumnMap",
    "Mapping",
    "Proposal",
    "Settings",
    "Table",
    "TableMap",
    "Translation",
    "UnreadableError",
    "dump_mapping",
    "fields_of",
    "found_in",
    "has_default",
    "load_mapping",
    "oddities",
    "passed_over",
    "propose",
    "read_tables",
    "translator",
]
