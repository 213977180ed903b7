"""Calls, meetings, notes, mails, touches and spend as lines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from twostroke.connectors.files.cells import Cells, RefusedError, Row
from twostroke.connectors.files.pointers import deletion, further, linked, typed
from twostroke.connectors.files.vocabulary import squeezed
from twostroke.connectors.hubspot.facts import DISPOSITIONS
from twostroke.ledger.facts import Draft, Precision, Stroke, Team

Builder = Callable[[Row, str], list[Draft]]
_UNKNOWN: tuple[None, Precision] = (None, Precision.UNKNOWN)

# What the words of a type begin with or hold → kind of line. The first that fits counts.
ACTS: tuple[tuple[str, str], ...] = (
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
# The events of one mail as mailing tools name them.
_MAIL_EVENTS: tuple[tuple[str, str], ...] = (
    ("unsubscri", "mail.unsubscribed"), ("spam", "mail.complained"), ("complain", "mail.complained"),
    ("bounce", "mail.bounced"), ("deferred", "mail.bounced"), ("dropped", "mail.bounced"),
    ("deliver", "mail.delivered"), ("open", "mail.opened"), ("click", "mail.clicked"), ("repl", "mail.replied"),
    ("forward", "action.taken"), ("print", "action.taken"), ("sent", "mail.sent"),
)  # fmt: skip
_ENDING = frozenset({"call.made", "meeting.held", "meeting.missed", "visit.made", "task.done"})
_DONE = ("completed", "done", "closed", "erledigt", "complete", "held")
_MISSED = ("noshow", "missed", "cancelled", "canceled", "abgesagt", "ausgefallen", "rescheduled")
_AHEAD = ("scheduled", "planned", "booked", "notstarted", "open", "geplant", "waiting", "inprogress", "deferred")
_OWN_SUBJECT = {"call.made": "call", "meeting.held": "meeting", "meeting.booked": "meeting",
                "meeting.missed": "meeting",
                "visit.made": "visit", "note.written": "note", "task.opened": "task", "task.done": "task"}  # fmt: skip
# A seller's own mail to one buyer is push; the kind by itself is mail to many.
_OWN_MAIL: dict[str, Any] = {"team": Team.SALES, "stroke": Stroke.PUSH}
_TITLES = {"note.written": "title", "visit.made": ""}
_BODIES = {
    "note.written": "body",
    "mail.sent": "body",
    "mail.replied": "body",
    "task.opened": "body",
    "task.done": "body",
}


def kind_of(words: str, known: tuple[tuple[str, str], ...]) -> str | None:
    """The kind of line a word for an act means."""
    bare = squeezed(words)
    return next((kind for part, kind in known if part in bare), None)


def activities(cells: Cells) -> Builder:
    """What a colleague did with a buyer: call, meeting, visit, mail, note, task."""
    kinds, when_of = _act_kinds(cells), _act_times(cells)
    who_of, others = _concerned(cells), further(cells, "person", "person")
    owner, told_of, said_of = cells.reference("owner", "colleague"), _act_facts(cells), _act_words(cells)
    left, minter, source, rest = deletion(cells), cells.minter, cells.source, cells.rest()
    noted = cells.instant("created_at")

    def build(row: Row, key: str) -> list[Draft]:
        if lines := left(row, key):
            return lines
        kind = kinds(row)
        when, due = when_of(row, kind)
        (who, with_, about), seller = who_of(row, key), owner(row)
        told = told_of(row, kind, when)
        if about is not None and kind not in ("mail.sent", "mail.replied"):
            told["deal"] = about
        if due is not None and kind == "task.opened":
            told["due_at"] = due
        personal = {**rest(row), **said_of(row, kind)}
        thing = _OWN_SUBJECT.get(kind, "mail")
        subject = minter.record(source, thing, key)
        by = None if kind == "mail.replied" else seller
        own = _OWN_MAIL if kind == "mail.sent" else {}
        done = [
            Draft(kind, thing, subject, *when, each, with_, by, properties=told, personal=personal, **own)
            for each in [who, *others(row)]
        ]
        return [*opened_before(row, kind, about, done), *done]

    def opened_before(row: Row, kind: str, about: str | None, done: list[Draft]) -> list[Draft]:
        """That a done task was opened: how long it waited is as much a fact as that it was done."""
        if kind != "task.done" or (opened := noted(row)) is None:
            return []
        due = when_of(row, "task.opened")[1]
        told = {name: value for name, value in {"deal": about, "due_at": due}.items() if value is not None}
        at, precision = opened
        return [
            replace(one, kind="task.opened", happened_at=at, precision=precision, properties=told,
                    personal=said_of(row, "task.opened"))
            for one in done
        ]  # fmt: skip

    return build


Concerned = tuple[str | None, str | None, str | None]


def _concerned(cells: Cells) -> Callable[[Row, str], Concerned]:
    """Person, company and deal of an act: by its own columns, by one column of mixed ids, else by tables of links."""
    person, company = cells.reference("person", "person"), cells.reference("company", "company")
    deal, mixed = cells.reference("deal", "deal"), typed(cells, "about")
    links = linked(cells, "activity")

    def concerned(row: Row, key: str) -> Concerned:
        who, firm, about = person(row), company(row), deal(row)
        record, of = mixed(row)
        if record == "company":
            firm = firm or of
        elif record == "deal":
            about = about or of
        if links and key in links:
            others = links[key]
            return who or others.get("person"), firm or others.get("company"), about or others.get("deal")
        return who, firm, about

    return concerned


def _act_times(cells: Cells) -> Callable[[Row, str], tuple[tuple[int | None, Precision], int | None]]:
    """When an act was, and when a task is due: a task opens when it is noted and is done when it is completed."""
    at, noted, completed = cells.instant("at"), cells.instant("created_at"), cells.instant("completed_at")

    def times(row: Row, kind: str) -> tuple[tuple[int | None, Precision], int | None]:
        told, done = at(row), completed(row)
        if kind == "task.opened":
            return noted(row) or told or _UNKNOWN, told[0] if told is not None else None
        if kind == "task.done":
            return done or told or noted(row) or _UNKNOWN, None
        # A day is less than the instant at which the same act was ticked off.
        if told is None or (told[1] is Precision.DAY and done is not None):
            told = done or told or noted(row)
        return told or _UNKNOWN, None

    return times


def _act_facts(cells: Cells) -> Callable[[Row, str, tuple[int | None, Precision]], dict[str, Any]]:
    """What is declared of an act: outcome, direction, minutes."""
    outcome, status, direction = cells.text("outcome"), cells.text("status"), cells.text("direction")
    ended, minutes = cells.instant("ended_at"), _minutes(cells)

    def facts(row: Row, kind: str, when: tuple[int | None, Precision]) -> dict[str, Any]:
        told: dict[str, Any] = {"own": True} if kind in ("mail.sent", "mail.replied") else {}
        if kind in _ENDING:
            result = outcome(row) or (status(row) if kind == "call.made" else "")
            if result:
                told["outcome"] = DISPOSITIONS.get(result, result)
        if kind == "call.made" and direction(row):
            told["direction"] = direction(row)
        length, end = minutes(row), ended(row)
        if length is None and end is not None and when[0] is not None and end[1] is not Precision.DAY:
            length = max(0, (end[0] - when[0]) // 60_000)
        if length is not None and kind in ("call.made", "meeting.held", "meeting.booked", "visit.made"):
            told["minutes"] = length
        return told

    return facts


def _act_words(cells: Cells) -> Callable[[Row, str], dict[str, Any]]:
    subject_text, body = cells.text("subject"), cells.text("body")

    def words(row: Row, kind: str) -> dict[str, Any]:
        pairs = ((_TITLES.get(kind, "subject"), subject_text(row)), (_BODIES.get(kind, "notes"), body(row)))
        return {field: cell for field, cell in pairs if field and cell}

    return words


def _act_kinds(cells: Cells) -> Callable[[Row], str]:
    named, status, outcome = cells.text("type"), cells.text("status"), cells.text("outcome")
    direction, tally, column = cells.text("direction"), cells.tally, cells.table.by_role("type")
    at, written_at = cells.instant("at"), cells.settings.written_at
    # A to-do's own type says what is to be done, not what was.
    to_do = column is not None and "tasktype" in squeezed(column.header)
    of = kind_of(cells.table.object, ACTS) if cells.table.object else None
    by_name = of or kind_of(cells.table.name, ACTS) or "task.opened"

    def ahead(row: Row, said: set[str]) -> bool:
        """Whether a meeting was yet to come when the file was written: it says so, or says nothing and begins later."""
        if said & set(_AHEAD):
            return True
        begins = at(row)
        return not any(said) and written_at is not None and begins is not None and (begins[0] or 0) > written_at

    def kind(row: Row) -> str:
        words = "" if to_do else named(row)
        found = kind_of(words, ACTS) if words else by_name
        if found is None:
            found = by_name if by_name != "task.opened" else "note.written"
            tally.add("a kind of activity that is not known; kept as a note", words[:40])
        said = {squeezed(status(row)), squeezed(outcome(row))}
        if found == "task.opened" and said & set(_DONE):
            return "task.done"
        if found == "meeting.held":
            return "meeting.missed" if said & set(_MISSED) else "meeting.booked" if ahead(row, said) else found
        if found == "mail.sent" and squeezed(direction(row)).startswith(("incoming", "inbound", "received")):
            return "mail.replied"
        return found

    return kind


def _minutes(cells: Cells) -> Callable[[Row], int | None]:
    """How long it took, in minutes: ``1:02:30`` by its colons, else in the unit the header says, else minutes."""
    text, read, column = cells.text("duration"), cells.number("duration"), cells.table.by_role("duration")
    name = squeezed(column.header) if column else ""
    seconds = "sec" in name or name == "callduration"
    milli = "milli" in name or name.startswith(("hscall", "propertyhscall")) or cells.table.object == "call"
    unit = 60_000.0 if milli else 60.0 if seconds else 1.0

    def minutes(row: Row) -> int | None:
        cell = text(row)
        if ":" in cell:
            clock = [part for part in cell.split(":") if part.isdigit()]
            hours = [int(part) for part in clock] if len(clock) == cell.count(":") + 1 else []
            # Two parts are minutes and seconds.
            return (
                round(sum(n * w for n, w in zip(reversed(hours), (1, 60, 3600), strict=False)) / 60) if hours else None
            )
        number = read(row) if cell else ""
        return round(float(number) / unit) if number else None

    return minutes


def touches(cells: Cells) -> Builder:
    """What marketing did, or a buyer answered: mail events, events, forms, downloads, clicks."""
    kinds, when_of, told_of = _touch_kinds(cells), _touched_at(cells), _touch_facts(cells)
    who_of, company = _touched(cells), cells.reference("company", "company")
    channel, spoken = cells.channel("channel")
    campaign, content, of_mail = cells.text("campaign"), cells.text("content"), cells.text("mail")
    left, facts, names = deletion(cells), _mail_facts(cells), _named(cells)
    minter, source, beside = cells.minter, cells.source, (("status", cells.text("status")), ("channel", spoken))
    rest = cells.rest()

    def build(row: Row, key: str) -> list[Draft]:
        if lines := left(row, key):
            return lines
        who, when, kind = who_of(row), when_of(row), kinds(row)
        if who is None:
            raise RefusedError("nobody", "The row names no person.")
        told, personal = told_of(row, kind), {**rest(row), **_said(row, beside)}
        mail = kind.startswith("mail.")
        if mail:
            facts(row, kind, told, personal)
        subject = minter.record(source, "mail", of_mail(row) or key) if mail else who
        touch = Draft(kind, "mail" if mail else "person", subject, *when, who, company(row), None, channel(row),
                      campaign(row) or None, content(row) or None, properties=told, personal=personal)  # fmt: skip
        return [touch, *_following(kind, who, when, names(row))]

    return build


def _said(row: Row, readers: tuple[tuple[str, Callable[[Row], str]], ...]) -> dict[str, Any]:
    """What these columns say of a row, by name; nothing where they are empty."""
    return {name: cell for name, read in readers if (cell := read(row))}


def _following(kind: str, who: str, when: tuple[int | None, Precision], said: dict[str, Any]) -> list[Draft]:
    """What else follows from a touch: what its form says of the person, and what an unsubscription forbids."""
    drafts = [Draft("person.described", "person", who, *when, who, personal=said)] if said else []
    if kind == "mail.unsubscribed":
        no = {"purpose": "marketing mail", "how": "link"}
        drafts.append(Draft("consent.withdrawn", "person", who, *when, who, properties=no))
    return drafts


def _touch_facts(cells: Cells) -> Callable[[Row, str], dict[str, Any]]:
    """What is declared of a touch: an act of no kind by its name, others by what was opened, filled in or attended."""
    named, status = cells.text("type"), cells.text("status")
    content, campaign = cells.text("content"), cells.text("campaign")

    def facts(row: Row, kind: str) -> dict[str, Any]:
        if kind == "action.taken":
            return {"name": named(row) or status(row) or "response"}
        if kind not in _CONTENT_FIELDS:
            return {}
        about = content(row) or (campaign(row) if kind.startswith("event.") else "")
        return {_CONTENT_FIELDS[kind]: about} if about else {}

    return facts


def _named(cells: Cells) -> Callable[[Row], dict[str, Any]]:
    """What a form or a list of guests says of the person beside what was done."""
    readers = tuple((role, cells.text(role)) for role in ("first_name", "last_name", "phone") if cells.has(role))
    return lambda row: _said(row, readers)


def _touched(cells: Cells) -> Callable[[Row], str | None]:
    """Who was touched: a contact, else a lead, else whom an address names."""
    readers = [cells.reference(role, "person") for role in ("contact", "lead", "person", "email") if cells.has(role)]
    if len(readers) == 1:
        return readers[0]
    return lambda row: next((who for read in readers if (who := read(row)) is not None), None)


def _touched_at(cells: Cells) -> Callable[[Row], tuple[int | None, Precision]]:
    at, noted = cells.instant("at"), cells.instant("created_at")
    return lambda row: at(row) or noted(row) or _UNKNOWN


def _touch_kinds(cells: Cells) -> Callable[[Row], str]:
    status, named, subscription = cells.text("status"), cells.text("type"), cells.text("subscription")
    by_name = kind_of(cells.table.name, _TOUCHES)
    of_mail = cells.table.object == "mail"

    def kind(row: Row) -> str:
        if of_mail:
            words = squeezed(named(row)) or cells.table.name
            if "statuschange" in squeezed(words):
                gone = squeezed(subscription(row)).startswith("unsub")
                return "mail.unsubscribed" if gone else "action.taken"
            if words == "processed":
                raise RefusedError("no-act", "A step inside the sender's own system, and no act: it gives no line.")
            return kind_of(words, _MAIL_EVENTS) or "action.taken"
        return kind_of(status(row), _TOUCHES) or kind_of(named(row), _TOUCHES) or by_name or "action.taken"

    return kind


def _mail_facts(cells: Cells) -> Callable[[Row, str, dict[str, Any], dict[str, Any]], None]:
    """Adds what is particular to mail: whether a machine opened it, where a link led, why it did not arrive."""
    machine, response, link, named = (
        cells.flag("by_machine"), cells.text("response"), cells.text("link"), cells.text("type")
    )  # fmt: skip

    def facts(row: Row, kind: str, told: dict[str, Any], personal: dict[str, Any]) -> None:
        if kind in ("mail.opened", "mail.clicked"):
            told["by"] = "machine" if machine(row) else "unsure"
        if kind == "mail.clicked" and link(row):
            told["link"] = link(row).partition("?")[0].partition("#")[0]
        if kind == "mail.bounced":
            if squeezed(named(row)) in ("deferred", "dropped"):
                told["lasting"] = False
            if response(row):
                personal["response"] = response(row)

    return facts


_CONTENT_FIELDS = {"form.submitted": "form", "content.downloaded": "title", "video.watched": "title",
                   "event.attended": "event", "event.invited": "event", "card.taken": "event"}  # fmt: skip
