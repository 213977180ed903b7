"""What is known of each subject: the newest value of each field, with its source and date."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connections

from twostroke.identity.models import SUBJECTS, Described
from twostroke.kit.canonical import canonical_json
from twostroke.kit.text import folded
from twostroke.ledger.databases import in_list, insert_rows
from twostroke.ledger.facts import Line, Told, Trust
from twostroke.ledger.projecting import tell
from twostroke.ledger.queries import Log

_KINDS = frozenset({"person.described", "company.described", "colleague.described", "identity.claimed"})
_COLUMNS = ("kind", "subject", "name", "search", "company", "traits", "companies", "orders")
_SEARCHED = ("email", "phone", "city", "title")


class Descriptions:
    """One row per subject. Lines under a public key change nothing here (LEDGER 4)."""

    name = "identity.described"
    models = (Described,)
    kinds = _KINDS

    def units(self, lines: Sequence[Line], using: str = "default") -> set[str]:
        """The subjects these lines describe, each with its kind."""
        del using
        return {f"{line.subject_kind}:{line.subject}" for line in lines if _tells(line)}

    def subjects(self, units: Sequence[str]) -> Sequence[str]:
        """The subject of each unit."""
        return [unit.partition(":")[2] for unit in units]

    def fold(self, units: Sequence[str], log: Log) -> None:
        """Rewrite the rows of these subjects."""
        wanted = {(kind, subject) for kind, _, subject in (unit.partition(":") for unit in units)}
        subjects = sorted({subject for _, subject in wanted})
        by_subject: dict[tuple[str, str], list[Told]] = {}
        for one in tell(log.of_subjects(subjects, kinds=self.kinds), log):
            where = (one.line.subject_kind, one.line.subject)
            if where in wanted and one.line.trust == Trust.KNOWN:
                by_subject.setdefault(where, []).append(one)
        connection = connections[log.using]
        for kind in SUBJECTS:
            condition, given = in_list(connection, "subject", [subject for k, subject in wanted if k == kind])
            with connection.cursor() as cursor:
                cursor.execute(f"DELETE FROM identity_described WHERE {condition} AND kind = %s", [*given, kind])
        rows = [_row(kind, subject, lines, log) for (kind, subject), lines in sorted(by_subject.items())]
        insert_rows(connection, "identity_described", _COLUMNS, [row for row in rows if row is not None])


def _tells(line: Line) -> bool:
    """Whether a line can change what is known: a claim only by the company it names, and most name none."""
    if line.subject_kind not in SUBJECTS:
        return False
    return line.kind != "identity.claimed" or line.company not in (None, line.subject)


def _row(kind: str, subject: str, lines: Sequence[Told], log: Log) -> tuple[Any, ...] | None:
    traits, orders = _newest(lines, log)
    companies = _companies(lines)
    if not traits and not companies:
        return None
    name = display_name({field: found[0] for field, found in traits.items()})
    search = search_text(found[0] for field, found in traits.items() if field in _SEARCHED or "name" in field)
    stored = [canonical_json(value).decode() for value in (traits, companies, orders)]
    return kind, subject, name, search, companies[-1][0] if companies else None, *stored


def _newest(lines: Sequence[Told], log: Log) -> tuple[dict[str, list[Any]], dict[str, list[Any]]]:
    """The newest value of each field with its time, precision and source; and where its line stands."""
    traits: dict[str, list[Any]] = {}
    orders: dict[str, list[Any]] = {}
    for one in lines:
        if one.line.kind == "identity.claimed":
            continue
        where = [one.line.happened_at, one.line.precision, one.line.source]
        order = list(log.order_key(one.line))
        custom = one.properties.get("custom")
        told = custom.items() if isinstance(custom, dict) else ()
        declared = ((field, value) for field, value in one.properties.items() if field != "custom")
        for field, value in (*declared, *told, *one.personal.items()):
            if value is not None and value != "":
                traits[field] = [value, *where]
                orders[field] = order
    return traits, orders


def _companies(lines: Sequence[Told]) -> list[list[Any]]:
    """Memberships in order: [company, since, until, source]; the next company ends the one before."""
    found: list[list[Any]] = []
    for one in lines:
        company = one.line.company
        if company is None or company == one.line.subject or (found and found[-1][0] == company):
            continue
        if found:
            found[-1][2] = one.line.happened_at
        found.append([company, one.line.happened_at, None, one.line.source])
    return found


def display_name(values: dict[str, Any]) -> str:
    """The name people call the subject by, or ``""``."""
    if values.get("name"):
        return str(values["name"])
    return " ".join(str(values[part]) for part in ("first_name", "last_name") if values.get(part))


def search_text(values: Iterable[Any]) -> str:
    """Words to find the subject by, each behind a blank, so that beginnings of words are found."""
    return " " + " ".join(dict.fromkeys(folded(str(value)) for value in values))
