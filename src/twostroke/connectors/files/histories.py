"""Histories of fields, links between records, merges and memberships of lists as lines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from twostroke.connectors.files.cells import Cells, RefusedError, Row, When
from twostroke.connectors.files.dates import date_reader
from twostroke.connectors.files.numbers import currency_in, plain_number
from twostroke.connectors.files.persons import LIFECYCLE
from twostroke.connectors.files.pointers import currency_of_deal, deletion, lost_deal, remark, stage_words
from twostroke.connectors.files.tickets import CLOSED
from twostroke.connectors.files.vocabulary import TRUE, role_of, squeezed
from twostroke.kit.money import to_minor
from twostroke.kit.time import DAY_MS, day_of_number
from twostroke.ledger.facts import Draft, Precision

Builder = Callable[[Row, str], list[Draft]]
_TOLD = "told by the source"
_OWNER = frozenset({"owner", "ownerid", "hubspotownerid"})
_STAGE = frozenset({"dealstage", "stage", "stagename", "hspipelinestage"})
_CONVERTED = frozenset({"leadconverted", "isconverted", "converted"})
# Fields of a person that are declared, and personal ones whose name on the log differs.
_PERSON_TOLD = {"country": "country", "language": "language", "time_zone": "time_zone", "source": "first_source"}
_PERSON_NAMES = {"street": "address", "job_title": "title"}
_PERSON_FIELDS = ("first_name", "last_name", "name", "email", "phone", "city", "occupation", "street", "job_title")
_FIRM_TOLD = {"industry": "sector", "country": "country"}
_FIRM_NAMES = {"street": "address", "domain": "website"}
_FIRM_FIELDS = ("name", "city", "phone", "description", "street", "domain")


class Change:
    """One row of a history: whose, which field, to what, when, by whom; in which currency amounts are."""

    __slots__ = ("actor", "bare", "currency", "field", "subject", "value", "when")

    def __init__(self, subject: str, field: str, value: str, when: When, actor: str | None, currency: str):
        self.subject, self.field, self.value, self.when, self.actor = subject, field, value, when, actor
        self.bare, self.currency = squeezed(field), currency


def histories(cells: Cells) -> Builder:
    """A change of one field of a person, company, deal or ticket, at its time."""
    role = next((r for r in ("deal", "company", "ticket", "person") if cells.has(r)), "person")
    whose, field, value = cells.reference(role, role), cells.text("field"), cells.text("value")
    at, actor = cells.when("at"), cells.reference("owner", "colleague")
    left, say = deletion(cells), _OF[role](cells)
    lost, currency = lost_deal(cells), currency_of_deal(cells)

    def build(row: Row, key: str) -> list[Draft]:
        if lines := left(row, key):
            return lines
        subject, name = whose(row), field(row)
        if subject is None:
            raise RefusedError("nobody", f"The row names no {role}.")
        if not name:
            raise RefusedError("no-field", "The row does not say which field changed.")
        if lost(row):
            return remark(subject, at(row), {"field": name, "value": value(row)})
        return say(Change(subject, name, value(row), at(row), actor(row), currency(row)))

    return build


def _owner(cells: Cells) -> Callable[[str], str | None]:
    minter, source = cells.minter, cells.source
    return lambda value: minter.record(source, "colleague", value) if value else None


def _deal(cells: Cells) -> Callable[[Change], list[Draft]]:
    owner, stage = _owner(cells), stage_words(cells)
    day = date_reader("y-m-d", cells.settings.zone, days_only=False)

    def say(change: Change) -> list[Draft]:
        subject, when, actor = change.subject, change.when, change.actor
        if change.bare in _STAGE and change.value:
            name, verdict = stage(change.value)
            kind = {"won": "deal.won", "lost": "deal.lost"}.get(verdict, "deal.moved")
            return [Draft(kind, "deal", subject, *when, actor=actor, properties={"stage": name})]
        if change.bare in _OWNER and change.value:
            return [Draft("owner.assigned", "deal", subject, *when, actor=owner(change.value))]
        cash: tuple[int | None, str | None] = (None, None)
        told: dict[str, Any] = {}
        role = (role_of("deal", change.field) or ("", 0))[0]
        if role == "amount" and (code := currency_in(change.value) or change.currency):
            cash = _money(change.value, code)
        elif role == "amount":
            cells.tally.add(_NO_CURRENCY, change.value[:60])
        elif role in ("closed_at", "expected_at"):
            told = _expected(change.value, day)
        elif role == "pipeline" and change.value:
            told = {"pipeline": change.value}
        said = bool(told) or cash[0] is not None
        personal = {} if said else {"name" if role == "name" else change.field: change.value}
        return [
            Draft("deal.changed", "deal", subject, *when, actor=actor, amount_minor=cash[0], currency=cash[1],
                  properties=told, personal=personal)
        ]  # fmt: skip

    return say


_NO_CURRENCY = "amounts of deals in no file read along: in which currency they are is not known; kept, not counted"


def _money(value: str, currency: str) -> tuple[int | None, str | None]:
    """An amount as an API or a report in English writes it (``1234.5``, ``USD 1,234.50``), in minor units."""
    try:
        return to_minor(plain_number(value, "."), currency), currency
    except ValueError:
        return None, None


def _expected(value: str, day: Callable[[str], tuple[int, Precision]]) -> dict[str, Any]:
    try:
        return {"expected_close": day_of_number(day(value)[0] // DAY_MS).isoformat()}
    except ValueError:
        return {}


def _person(cells: Cells) -> Callable[[Change], list[Draft]]:
    owner = _owner(cells)

    def say(change: Change) -> list[Draft]:
        subject, when, value, actor = change.subject, change.when, change.value, change.actor

        def line(kind: str, **more: Any) -> list[Draft]:
            return [Draft(kind, "person", subject, *when, identifier=subject, **more)]

        role = (role_of("person", change.field) or ("", 0))[0]
        if change.bare in _OWNER and value:
            return line("owner.assigned", actor=owner(value))
        if role == "lifecycle_stage" and value:
            stage = LIFECYCLE.get(squeezed(value), "other")
            return line("stage.reached", actor=actor, properties={"stage": stage, "name": value, "basis": _TOLD})
        if change.bare in _CONVERTED and squeezed(value) in (*TRUE, ""):
            return line("stage.reached", actor=actor, properties={"stage": "sql", "name": "converted", "basis": _TOLD})
        if role in ("do_not_email", "do_not_call") and squeezed(value) in TRUE:
            purpose = "marketing mail" if role == "do_not_email" else "calls"
            return line("consent.withdrawn", properties={"purpose": purpose, "how": "import"})
        if role in _PERSON_TOLD and value:
            return line("person.described", actor=actor, properties={_PERSON_TOLD[role]: value})
        name = _PERSON_NAMES.get(role, role) if role in _PERSON_FIELDS else change.field
        return line("person.described", actor=actor, personal={name: value})

    return say


def _company(cells: Cells) -> Callable[[Change], list[Draft]]:
    owner = _owner(cells)

    def say(change: Change) -> list[Draft]:
        subject, value = change.subject, change.value
        role = (role_of("company", change.field) or ("", 0))[0]
        if change.bare in _OWNER and value:
            return [Draft("owner.assigned", "company", subject, *change.when, company=subject, actor=owner(value))]
        told: dict[str, Any] = {}
        if role in _FIRM_TOLD and value:
            told = {_FIRM_TOLD[role]: value}
        elif role == "employees" and value.isdigit() and len(value) < 16:
            told = {"employees": int(value)}
        name = _FIRM_NAMES.get(role, role) if role in _FIRM_FIELDS else change.field
        return [
            Draft("company.described", "company", subject, *change.when, company=subject, actor=change.actor,
                  properties=told, personal={} if told else {name: value})
        ]  # fmt: skip

    return say


_TICKET_TOLD = {"priority": "priority", "category": "category"}
_TICKET_WORDS = {"subject": "subject", "body": "content"}


def _ticket(cells: Cells) -> Callable[[Change], list[Draft]]:
    """Stages go by the names the tickets read along have, where they do; a stage of the end closes the ticket."""
    owner = _owner(cells)
    tickets = [column for table in cells.mapping.of_record("ticket") if (column := table.by_role("stage")) is not None]
    names = {written: meant for column in tickets for written, meant in column.values.items()}

    def say(change: Change) -> list[Draft]:
        subject, value, when = change.subject, change.value, change.when
        role = (role_of("ticket", change.field) or ("", 0))[0]
        if change.bare in _OWNER and value:
            return [Draft("ticket.changed", "ticket", subject, *when, actor=owner(value), personal={"owner": value})]
        if (role in ("stage", "status") or change.bare in _STAGE) and value:
            name = names.get(value, value)
            kind = "ticket.closed" if squeezed(name) in CLOSED else "ticket.changed"
            told = {"stage": name} if kind == "ticket.changed" else {}
            return [Draft(kind, "ticket", subject, *when, actor=change.actor, properties=told)]
        told = {_TICKET_TOLD[role]: value} if role in _TICKET_TOLD and value else {}
        personal = {} if told else {_TICKET_WORDS.get(role, change.field): value}
        return [
            Draft("ticket.changed", "ticket", subject, *when, actor=change.actor, properties=told, personal=personal)
        ]

    return say


_OF = {"deal": _deal, "company": _company, "ticket": _ticket, "person": _person}


def associations(cells: Cells) -> Builder:
    """Who belongs to which company and to which deal. Where a primary one is marked, the others say their part only."""
    person, company = cells.reference("person", "person"), cells.reference("company", "company")
    deal, at, label = cells.reference("deal", "deal"), cells.when("at"), cells.text("label")
    primary, marks, left = cells.flag("primary"), cells.has("primary"), deletion(cells)
    lost = lost_deal(cells)

    def build(row: Row, key: str) -> list[Draft]:
        if lines := left(row, key):
            return lines
        who, firm, of, when = person(row), company(row), deal(row), at(row)
        part = {"part": label(row)} if label(row) else {}
        if of is not None and (who or firm) and lost(row):
            return remark(of, when, part, who)
        if of is not None and (who or firm) and (firm is not None or not marks or primary(row)):
            return [Draft("deal.changed", "deal", of, *when, identifier=who, company=firm, personal=part)]
        if who is not None and (firm or of):
            what = {"part in a deal": label(row) or "takes part"} if of else part
            return [Draft("person.described", "person", who, *when, identifier=who, company=firm, personal=what)]
        raise RefusedError("one-sided", "The row links nothing: one of its two sides is empty.")

    return build


def merges(cells: Cells) -> Builder:
    """Two records of a person or company that the source made one."""
    role = "company" if cells.has("company") and not cells.has("person") else "person"
    kept, other, at = cells.reference(role, role), cells.reference("merged", role), cells.when("at")
    minter, source = cells.minter, cells.source
    column, own = cells.table.by_role("merged"), cells.table.by_role(role)
    read = cells.key_of(column) if column is not None else (lambda row: "")
    kind = cells.object_of(own, role) if own is not None else role

    def build(row: Row, key: str) -> list[Draft]:
        one, gone, when = kept(row), read(row), at(row)
        if one is None or not gone or other(row) is None:
            raise RefusedError("one-sided", "The row does not name both records that were merged.")
        ids = [one, minter.record(source, kind, gone)]
        if ids[0] == ids[1]:
            raise RefusedError("itself", "The row says that a record was merged with itself.")
        who, firm = (one, None) if role == "person" else (None, one)
        return [Draft("identity.merged", role, one, *when, identifier=who, company=firm, properties={"ids": ids})]

    return build


def memberships(cells: Cells) -> Builder:
    """That a person was put on a list, or taken off it."""
    person, name, at = cells.reference("person", "person"), cells.text("list"), cells.when("at")
    left = cells.flag("deleted")

    def build(row: Row, key: str) -> list[Draft]:
        who, on = person(row), name(row)
        if who is None or not on:
            raise RefusedError("one-sided", "The row does not name both the person and the list.")
        when = at(row)
        said = {f"list {on}": "left" if left(row) else "member"}
        return [Draft("person.described", "person", who, *when, identifier=who, personal=said)]

    return build
