"""Tickets of customers and cards taken at fairs as lines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from twostroke.connectors.files.cells import UNKNOWN, Cells, RefusedError, Row
from twostroke.connectors.files.parties import named_parties
from twostroke.connectors.files.persons import company_of
from twostroke.connectors.files.pointers import deletion, linked
from twostroke.connectors.files.vocabulary import squeezed
from twostroke.identity.facts import EMAIL, PHONE, normal_email, normal_phone
from twostroke.ledger.facts import Draft

Builder = Callable[[Row, str], list[Draft]]
# Words for the last stage of a ticket, squeezed.
CLOSED = frozenset({"closed", "solved", "resolved", "done", "erledigt", "geschlossen", "gelost", "completed"})


def tickets(cells: Cells) -> Builder:
    """A ticket: opened, first answered and closed, each at the time the source gives."""
    at, answered, closed = cells.when("created_at"), cells.instant("answered_at"), cells.instant("closed_at")
    person, company = cells.reference("person", "person"), cells.reference("company", "company")
    owner, flag, status, stage = (
        cells.reference("owner", "colleague"), cells.flag("is_closed"), cells.text("status"), cells.text("stage")
    )  # fmt: skip
    channel, _ = cells.channel("channel")
    told_of, personal_of, asks = _says(cells), _words(cells), _requester(cells)
    left, minter, source, rest = deletion(cells), cells.minter, cells.source, cells.rest()
    links = linked(cells, "ticket")

    def build(row: Row, key: str) -> list[Draft]:
        if lines := left(row, key):
            return lines
        subject, seller, when = minter.record(source, "ticket", key), owner(row), at(row)
        others = links.get(key, {})
        who, described = asks(row)
        who = person(row) or who or others.get("person")
        firm = company(row) or others.get("company")
        people = (who, firm, seller)
        drafts = [
            Draft("ticket.opened", "ticket", subject, *when, *people, channel(row), properties=told_of(row),
                  personal={**personal_of(row), **rest(row)})
        ]  # fmt: skip
        first, end = answered(row), closed(row)
        if first is not None:
            drafts.append(Draft("ticket.answered", "ticket", subject, *first, *people, properties={"first": True}))
        if end is not None or flag(row) or squeezed(status(row) or stage(row)) in CLOSED:
            last = end or UNKNOWN
            drafts.append(Draft("ticket.closed", "ticket", subject, last[0], last[1], *people))
        return drafts + described

    return build


def _says(cells: Cells) -> Callable[[Row], dict[str, Any]]:
    readers = [(name, cells.text(name)) for name in ("category", "priority", "stage")]
    status = cells.text("status")

    def told(row: Row) -> dict[str, Any]:
        found: dict[str, Any] = {name: cell for name, read in readers if (cell := read(row))}
        if status(row):
            found.setdefault("stage", status(row))
        return found

    return told


def _words(cells: Cells) -> Callable[[Row], dict[str, Any]]:
    subject, body = cells.text("subject"), cells.text("body")

    def words(row: Row) -> dict[str, Any]:
        pairs = (("subject", subject(row)), ("content", body(row)))
        return {name: cell for name, cell in pairs if cell}

    return words


def _requester(cells: Cells) -> Callable[[Row], tuple[str | None, list[Draft]]]:
    """Who asks, by address, and the line that says the name."""
    email, name, minter, tally = cells.text("email"), cells.text("name"), cells.minter, cells.tally

    def asks(row: Row) -> tuple[str | None, list[Draft]]:
        address = email(row)
        normal = normal_email(address) if address else None
        if normal is None:
            if address:
                tally.add("an address that cannot be mailed; the ticket came in without it", address[:60])
            return None, []
        who = minter.mint(EMAIL, normal, address)
        said = {"email": address, **({"name": name(row)} if name(row) else {})}
        return who, [Draft("person.described", "person", who, identifier=who, personal=said)]

    return asks


def cards(cells: Cells) -> Builder:
    """A card or badge taken at a fair: who it is, which fair, the note of the colleague who took it."""
    at, owner = cells.when("at"), cells.reference("owner", "colleague")
    claims, says, company = _visitor(cells), _about(cells), company_of(cells)
    event, warmth, note = cells.text("event"), cells.text("warmth"), cells.text("note")
    fair = " ".join(cells.table.name.replace("_", " ").replace("-", " ").split()).title()
    parties, left, country, rest = named_parties(cells), deletion(cells), cells.text("country"), cells.rest()

    def build(row: Row, key: str) -> list[Draft]:
        if lines := left(row, key):
            return lines
        ids, (firm, extra), seller = claims(row, key), company(row), owner(row)
        who, when, where = ids[0], at(row), event(row) or fair
        told: dict[str, Any] = {"event": where, **({"warmth": warmth(row)} if warmth(row) else {})}
        origin = {"origin": where, **({"country": country(row)} if country(row) else {})}
        drafts = [
            Draft("person.described", "person", who, *when, who, firm, seller, properties=origin, personal=says(row)),
            Draft("card.taken", "person", who, *when, who, firm, seller, properties=told,
                  personal={**({"note": note(row)} if note(row) else {}), **rest(row)}),
        ]  # fmt: skip
        if len(ids) > 1:
            claim = {"ids": ids, "verified": True}
            drafts.insert(0, Draft("identity.claimed", "person", who, *when, who, firm, seller, properties=claim))
        return parties(row, drafts + extra)

    return build


def _visitor(cells: Cells) -> Callable[[Row, str], list[str]]:
    """The ids of a visitor: address and phone, else the card itself."""
    email, phone, minter, source = cells.text("email"), cells.text("phone"), cells.minter, cells.source
    last, name, region, tally = cells.text("last_name"), cells.text("name"), cells.settings.region, cells.tally

    def claims(row: Row, key: str) -> list[str]:
        address, called = email(row), phone(row)
        ids = []
        if address and (normal := normal_email(address)) is not None:
            ids.append(minter.mint(EMAIL, normal, address))
        elif address:
            tally.add("an address that cannot be mailed; the person came in without it", address[:60])
        if called and (dialled := normal_phone(called, region)) is not None:
            ids.append(minter.mint(PHONE, dialled, called))
        if not ids:
            if not (last(row) or name(row)):
                raise RefusedError("nobody", "The row names no person.")
            ids.append(minter.record(source, "card", key))
        return ids

    return claims


def _about(cells: Cells) -> Callable[[Row], dict[str, Any]]:
    roles = (("first_name", "first_name"), ("last_name", "last_name"), ("name", "name"), ("job_title", "title"),
             ("email", "email"), ("phone", "phone"))  # fmt: skip
    readers = [(name, cells.text(role)) for role, name in roles if cells.has(role)]
    return lambda row: {name: cell for name, read in readers if (cell := read(row))}
