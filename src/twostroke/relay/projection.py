"""Standings follow from what lines say of a person's identifier or a company, whatever the line is about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.db import connections

from twostroke.intake.facts import STANDING
from twostroke.intake.queries import done_by_machines
from twostroke.ledger.databases import in_list, insert_rows
from twostroke.ledger.facts import Line, Told
from twostroke.ledger.projecting import tell
from twostroke.ledger.queries import Log
from twostroke.relay.models import Standing
from twostroke.relay.rules import KINDS, fold_standing

_PERSON, _COMPANY = "p", "c"


class Standings:
    """Units are ``p`` + identifier and ``c`` + company."""

    name = "relay.standing"
    models = (Standing,)
    kinds: frozenset[str] | None = KINDS

    def units(self, lines: Sequence[Line], using: str = "default") -> set[str]:
        """Everybody these lines name."""
        del using
        persons = {_PERSON + line.identifier for line in lines if line.identifier is not None}
        return persons | {_COMPANY + line.company for line in lines if line.company is not None}

    def fold(self, units: Sequence[str], log: Log) -> None:
        """Rewrite the standings of these units."""
        persons = [unit[1:] for unit in units if unit[0] == _PERSON]
        companies = [unit[1:] for unit in units if unit[0] == _COMPANY]
        lines: dict[tuple[str, str], list[Told]] = defaultdict(list)
        if persons:
            for told in _by_people(log.of_identifiers(persons, kinds=KINDS), log):
                lines["person", str(told.line.identifier)].append(told)
        if companies:
            for told in _by_people(log.of_companies(companies, kinds=KINDS), log):
                lines["company", str(told.line.company)].append(told)
        rows = []
        for (kind, subject), mine in lines.items():
            row = fold_standing(mine)
            if row is not None:
                rows.append((subject, kind, row["stage"], row["at"], row["precision"], row["channel"]))
        connection = connections[log.using]
        condition, parameters = in_list(connection, "subject", persons + companies)
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM relay_standing WHERE {condition}", parameters)
        insert_rows(
            connection, "relay_standing", ("subject", "subject_kind", "stage", "at", "precision", "channel"), rows
        )


def _by_people(lines: Sequence[Line], log: Log) -> list[Told]:
    """The lines opened, without those that machines did: a crawler that sends a form becomes no lead."""
    machines = done_by_machines([line for line in lines if line.kind in STANDING], log.using)
    return tell([line for line in lines if line.seq not in machines], log, personal=False)


STANDINGS = Standings()
