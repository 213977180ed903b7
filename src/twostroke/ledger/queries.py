"""What may be asked of the log."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import msgspec
from django.db import connections

from twostroke.ledger.append import known_hashes
from twostroke.ledger.catalogue import current
from twostroke.ledger.databases import in_list
from twostroke.ledger.erasing import HeldBack, Side, every_held, every_side, lines_naming, sides_of
from twostroke.ledger.facts import CURRENCY, ZONE, Accounting, Draft, Line, Message, definition_subject
from twostroke.ledger.force import batch_place, known_records, records_of
from twostroke.ledger.holding import HeldCount, HeldMessage, every_held_message, held_counts, held_messages
from twostroke.ledger.projecting import tell as told
from twostroke.ledger.reading import COLUMNS, NOT_A_PERSON, Log, every_line, head_seq, lines_after
from twostroke.ledger.staying import acts_about

__all__ = [
    "CURRENCY",
    "ZONE",
    "HeldBack",
    "HeldCount",
    "HeldMessage",
    "Log",
    "Side",
    "accounting",
    "acts_about",
    "batch_place",
    "complaints",
    "definition",
    "every_held",
    "every_held_message",
    "every_line",
    "every_side",
    "head_seq",
    "held_counts",
    "held_messages",
    "held_rows",
    "known_records",
    "lines_after",
    "lines_named",
    "lines_naming",
    "records_of",
    "reporting_currency",
    "sides_of",
    "stored_hashes",
    "told",
    "zone",
]


def accounting(using: str = "default") -> list[Accounting]:
    """One row per source: received = stored + duplicate + quarantined."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT source, received, stored, duplicate, quarantined FROM ledger_tally ORDER BY source")
        return [Accounting(*row) for row in cursor.fetchall()]


def complaints(draft: Draft) -> list[str]:
    """Why a draft cannot be a line, each a sentence that names no value; empty where it can."""
    return list(current().check(draft))


def stored_hashes(messages: Sequence[Message], using: str = "default") -> dict[tuple[str, str], str]:
    """The body hash of each of these messages' names that is on the log already, by source and message id."""
    return known_hashes(connections[using], messages)


def definition(name: str, using: str = "default") -> Any:
    """What the newest ``definition.changed`` line (by stamp, source, message id) says ``name`` is; else None."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            f"SELECT properties FROM ledger_line l WHERE subject = %s AND {NOT_A_PERSON} "
            "AND kind = 'definition.changed' ORDER BY recorded_at DESC, source DESC, message_id DESC LIMIT 1",
            [definition_subject(name)],
        )
        found = cursor.fetchone()
    return None if found is None else msgspec.json.decode(found[0])["value"]


def held_rows(batch: str, using: str = "default") -> list[tuple[int, str, str, bytes]]:
    """Rows of a batch that are held in quarantine: row, code, reason, original bytes; in order of row."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT row, code, reason, original FROM ledger_quarantined WHERE batch = %s AND state = 'held' "
            "ORDER BY row, id",
            [batch],
        )
        return [(row or 0, code, reason, bytes(original or b"")) for row, code, reason, original in cursor.fetchall()]


def lines_named(names: Collection[str], using: str = "default") -> dict[str, Line]:
    """The lines of these names (``source:message:part``), by name; those there are not are left out."""
    by_source: dict[str, set[str]] = {}
    for name in names:
        source, _, rest = name.partition(":")
        by_source.setdefault(source, set()).add(rest.rpartition(":")[0])
    found = {}
    for source, messages in by_source.items():
        condition, given = in_list(connections[using], "l.message_id", sorted(messages))
        with connections[using].cursor() as cursor:
            cursor.execute(f"SELECT {COLUMNS} FROM ledger_line l WHERE l.source = %s AND {condition}", [source, *given])
            lines = [Line._make(row) for row in cursor.fetchall()]
        found.update({f"{line.source}:{line.message_id}:{line.part}": line for line in lines})
    return {name: found[name] for name in names if name in found}


def zone(using: str = "default") -> str:
    """The installation's time zone (IANA name); UTC until it is set."""
    return str(definition(ZONE, using) or "UTC")


def reporting_currency(using: str = "default") -> str:
    """The currency numbers are reported in (ISO 4217); EUR until it is set."""
    return str(definition(CURRENCY, using) or "EUR")
