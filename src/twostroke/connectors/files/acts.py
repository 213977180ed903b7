"""Calls, meetings, notes, mails, touches and spend as lines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from twostroke.connectors.files.cells import Cells, RefusedError, Row
from twostroke.connectors.files.vocabulary import squeezed
from twostroke.ledger.facts import Draft, Precision, Stroke, Team

Builder = Callable[[Row, str], list[Draft]]
_UNKNOWN: tuple[None, Precision] = (None, Precision.UNKNOWN)

# What the words of a type begin with or hold → kind of line. The first that fits counts.
_ACTS: tuple[tuple[str, str], ...] = (
    ("visit", "visit.made"), ("onsite", "visit.made"), ("besuch", "visit.made"),
    ("call", "call.made"), ("phone", "call.made"), ("anruf", "call.made"),
    ("telefon", "call.made"), ("dial", "call.made"),
    ("meeting", "meeting.held"), ("appointment", "meeting.held"), ("demo", "meeting.held"), ("termin", "meeting.held"),
    ("email", "mail.sent"), ("mail", "mail.sent"), ("note", "note.written"), ("notiz", "note.written"),
    ("task", "task.opened"), ("todo", "task.opened"), ("aufgabe", "task.opened"), ("event", "meeting.held"),
)  # fmt: skip
_TOUCHES: tuple[tuple[str, str], ...] = (
    ("unsubscri", "mail.unsubscribed"), ("spam", "mail.complained"),
    ("bounce", "mail.bounced"), ("repl", "mail.replied"),
    ("deliver", "mail.delivered"), ("open", "mail.opened"), ("adclick", "ad.clicked"), ("click", "mail.clicked"),
    ("attend", "event.attended"), ("webinar", "event.attended"),
    ("invit", "event.invited"), ("regist", "event.invited"),
    ("submit", "form.submitted"), ("form", "form.submitted"), ("download", "content.downloaded"),
    ("whitepaper", "content.downloaded"), ("video", "video.watched"), ("watch", "video.watched"),
    ("card", "card.taken"), ("page", "page.viewed"), ("visit", "page.viewed"), ("impression", "ad.shown"),
    ("ad", "ad.clicked"), ("sent", "mail.sent"), ("email", "mail.sent"),
)  # fmt: skip
_DONE = ("completed", "done", "closed", "erledigt", "complete", "held")
_MISSED = ("noshow", "missed", "cancelled", "canceled", "abgesagt", "ausgefallen", "rescheduled")
_AHEAD = ("scheduled", "planned", "booked", "notstarted", "open", "geplant", "waiting", "inprogress", "deferred")
_OWN_SUBJECT = {"call.made": "call", "meeting.held": "meeting", "meeting.booked": "meeting",
                "meeting.missed": "meeting",
                "visit.made": "visit", "note.written": "note", "task.opened": "task", "task.done": "task"}  # fmt: skip
# A seller's own mail to one buyer is push; the kind by itself is mail to many.
_OWN_MAIL: dict[str, Any] = {"team": Team.SALES, "stroke": Stroke.PUSH}
_TITLES = {"note.written": "title", "visit.made": ""}
_BODIES = {"note.written": "body", "mail.sent": "body", "task.opened": "body", "task.done": "body"}


def kind_of(words: str, known: tuple[tuple[str, str], ...]) -> str | None:
    """The kind of line a word for an act means."""
    bare = squeezed(words)
    return next((kind for part, kind in known if part in bare), None)


def activities(cells: Cells) -> Builder:
    """What a colleague did with a buyer: call, meeting, visit, mail, note, task."""
    kinds = _act_kinds(cells)
    at, ended = cells.instant("at"), cells.instant("ended_at")
    person, company = cells.reference("person", "person"), cells.reference("company", "company")
    deal, owner = cells.reference("deal", "deal"), cells.reference("owner", "colleague")
    subject_text, body, outcome = cells.text("subject"), cells.text("body"), cells.text("outcome")
    direction, minutes = cells.text("direction"), _minutes(cells)
    deleted, rest, minter, source = cells.flag("deleted"), cells.rest(), cells.minter, cells.source

    def build(row: Row, key: str) -> list[Draft]:
        if deleted(row):
            raise RefusedError("deleted", "The source says that this record was deleted.")
        kind, when, end = kinds(row), at(row) or _UNKNOWN, ended(row)
        who, with_, about = person(row), company(row), deal(row)
        personal: dict[str, Any] = dict(rest(row))
        for field, cell in ((_TITLES.get(kind, "subject"), subject_text(row)), (_BODIES.get(kind, "notes"), body(row))):
            if field and cell:
                personal[field] = cell
        told: dict[str, Any] = {} if about is None or kind == "mail.sent" else {"deal": about}
        if kind in ("call.made", "meeting.held", "meeting.missed", "visit.made", "task.done") and outcome(row):
            told["outcome"] = outcome(row)
        if kind == "call.made" and direction(row):
            told["direction"] = direction(row)
        length = minutes(row)
        if length is None and end is not None and when[0] is not None and end[1] is not Precision.DAY:
            length = max(0, (end[0] - when[0]) // 60_000)
        if length is not None and kind in ("call.made", "meeting.held", "meeting.booked", "visit.made"):
            told["minutes"] = length
        if kind == "mail.sent":
            told["own"] = True
        thing = _OWN_SUBJECT.get(kind, "mail")
        subject = minter.record(source, thing, key)
        return [
            Draft(kind, thing, subject, when[0], when[1], who, with_, owner(row), properties=told, personal=personal,
                  **(_OWN_MAIL if kind == "mail.sent" else {}))
        ]  # fmt: skip

    return build


def _act_kinds(cells: Cells) -> Callable[[Row], str]:
    named, status, outcome = cells.text("type"), cells.text("status"), cells.text("outcome")
    by_name = kind_of(cells.table.name, _ACTS) or "task.opened"
    tally = cells.tally

    def kind(row: Row) -> str:
        words = named(row)
        found = kind_of(words, _ACTS) if words else by_name
        if found is None:
            found = by_name if by_name != "task.opened" else "note.written"
            tally.add("a kind of activity that is not known; kept as a note", words[:40])
        said = {squeezed(status(row)), squeezed(outcome(row))}
        if found == "task.opened" and said & set(_DONE):
            return "task.done"
        if found == "meeting.held":
            return "meeting.missed" if said & set(_MISSED) else "meeting.booked" if said & set(_AHEAD) else found
        return found

    return kind


def _minutes(cells: Cells) -> Callable[[Row], int | None]:
    """How long it took, in minutes: the header says seconds or milliseconds, else it is minutes."""
    read, column = cells.number("duration"), cells.table.by_role("duration")
    name = squeezed(column.header) if column else ""
    seconds = "sec" in name or name.startswith("hscallduration") or name == "callduration"
    unit = 60_000.0 if "milli" in name or name.startswith("hscall") else 60.0 if seconds else 1.0

    def minutes(row: Row) -> int | None:
        text = read(row)
        return round(float(text) / unit) if text else None

    return minutes


def touches(cells: Cells) -> Builder:
    """What marketing did, or a buyer answered: mail events, events, forms, downloads, clicks."""
    named, status, at = cells.text("type"), cells.text("status"), cells.instant("at")
    person, company = cells.reference("person", "person"), cells.reference("company", "company")
    channel, spoken = cells.channel("channel")
    campaign, content = cells.text("campaign"), cells.text("content")
    deleted, rest, minter, source = cells.flag("deleted"), cells.rest(), cells.minter, cells.source
    by_name = kind_of(cells.table.name, _TOUCHES)

    def build(row: Row, key: str) -> list[Draft]:
        if deleted(row):
            raise RefusedError("deleted", "The source says that this record was deleted.")
        who, words, when = person(row), named(row) or status(row), at(row) or _UNKNOWN
        if who is None:
            raise RefusedError("nobody", "The row names no person.")
        kind = kind_of(status(row), _TOUCHES) or kind_of(named(row), _TOUCHES) or by_name or "action.taken"
        told: dict[str, Any] = {"name": words or "response"} if kind == "action.taken" else {}
        thing = content(row)
        if thing and kind in _CONTENT_FIELDS:
            told[_CONTENT_FIELDS[kind]] = thing
        personal = {**rest(row), **({"status": status(row)} if status(row) else {})}
        if spoken(row):
            personal["channel"] = spoken(row)
        mail = kind.startswith("mail.")
        subject = minter.record(source, "mail", key) if mail else who
        return [
            Draft(kind, "mail" if mail else "person", subject, when[0], when[1], who, company(row), None, channel(row),
                  campaign(row) or None, thing or None, properties=told, personal=personal)
        ]  # fmt: skip

    return build


_CONTENT_FIELDS = {"form.submitted": "form", "content.downloaded": "title", "video.watched": "title",
                   "event.attended": "event", "event.invited": "event", "card.taken": "event"}  # fmt: skip


def spend(cells: Cells) -> Builder:
    """What advertising cost, to the cent, by day, channel and campaign."""
    at, amount = cells.instant("at"), cells.amount("amount")
    channel, _ = cells.channel("channel")
    campaign, content = cells.text("campaign"), cells.text("content")
    impressions, clicks = cells.number("impressions"), cells.number("clicks")
    rest, minter, source = cells.rest(), cells.minter, cells.source

    def build(row: Row, key: str) -> list[Draft]:
        money = amount(row)
        if money is None:
            raise RefusedError("no-amount", "The row has no amount.")
        when = at(row) or _UNKNOWN
        told = {
            name: int(float(text))
            for name, text in (("impressions", impressions(row)), ("clicks", clicks(row)))
            if text
        }
        return [
            Draft("spend.recorded", "spend", minter.record(source, "spend", key), when[0], when[1], None, None, None,
                  channel(row), campaign(row) or None, content(row) or None, money[0], money[1], told, rest(row))
        ]  # fmt: skip

    return build
