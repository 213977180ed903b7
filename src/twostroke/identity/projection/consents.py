"""What each person allows, per purpose."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connections

from twostroke.identity.models import Consent
from twostroke.kit.canonical import canonical_json
from twostroke.ledger.databases import in_list, insert_rows
from twostroke.ledger.facts import Line, Told, Trust
from twostroke.ledger.projecting import tell
from twostroke.ledger.queries import Log

EVERYTHING = "everything"
_COLUMNS = (
    "subject", "purpose", "given", "basis", "how", "wording", "happened_at", "precision", "source", "order",
)  # fmt: skip


class Consents:
    """One row per subject and purpose, from the newest line of it that is in force and verified."""

    name = "identity.consents"
    models = (Consent,)
    kinds = frozenset({"consent.given", "consent.withdrawn"})

    def units(self, lines: Sequence[Line], using: str = "default") -> set[str]:
        """The subjects these lines are about."""
        del using
        return {line.subject for line in lines if line.subject_kind == "person"}

    def fold(self, units: Sequence[str], log: Log) -> None:
        """Rewrite the rows of these subjects."""
        newest: dict[tuple[str, str], Told] = {}
        for one in tell(log.of_subjects(units, kinds=self.kinds), log):
            if one.line.trust == Trust.KNOWN:
                newest[one.line.subject, str(one.properties.get("purpose") or EVERYTHING)] = one
        connection = connections[log.using]
        condition, given = in_list(connection, "subject", units)
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM identity_consent WHERE {condition}", given)
        rows = [_row(purpose, one, log) for (_, purpose), one in sorted(newest.items(), key=lambda item: item[0])]
        insert_rows(connection, "identity_consent", _COLUMNS, rows)


def _row(purpose: str, one: Told, log: Log) -> tuple[Any, ...]:
    told = [str(one.properties.get(field) or "") for field in ("basis", "how")]
    return (
        one.line.subject,
        purpose,
        one.line.kind == "consent.given",
        *told,
        str(one.personal.get("wording") or one.personal.get("words") or ""),
        one.line.happened_at,
        one.line.precision,
        one.line.source,
        canonical_json(list(log.order_key(one.line))).decode(),
    )
