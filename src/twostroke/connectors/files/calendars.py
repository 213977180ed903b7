"""Calendars (iCalendar, RFC 5545): the meetings in them, each occurrence a row of a table.

What counts as now is the newest instant the file itself names, so that the same file always says the same: what ended
before was held, what comes is booked. Entries without anybody from outside are no meetings with buyers.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from dateutil.rrule import rrulestr
from icalendar import Calendar

from twostroke.connectors.files.acts import ACTS, kind_of
from twostroke.connectors.files.cells import Cells, Row
from twostroke.connectors.files.facts import Broken, Table, UnreadableError
from twostroke.connectors.files.parties import named_parties
from twostroke.connectors.files.places import Place
from twostroke.identity.facts import EMAIL, normal_email
from twostroke.intake.facts import Oddity
from twostroke.ledger.facts import Draft

Builder = Callable[[Row, str], list[Draft]]
HEADER = ("Event ID", "Summary", "Start", "End", "Status", "Organizer", "Attendees", "Location", "Description", "As of")
_LARGEST = 64 << 20
_MOST_OCCURRENCES = 2_000
_AHEAD = dt.timedelta(days=366)
_LONGEST = 20_000
Moment = dt.datetime | dt.date
# A component as the package reads it: each of its values may be any of thirty classes.
Entry = Any


@dataclass(frozen=True, slots=True)
class _Party:
    """Who is invited: an address, and a name where the calendar says one."""

    address: str
    name: str
    declined: bool = False

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2].lower()


def table_of(place: Place, signature: tuple[int, int, int]) -> Table:
    """The meetings of a calendar. Raises ``UnreadableError`` for what is no calendar after all."""
    with place.open() as file:
        raw = file.read(_LARGEST + 1)
    if len(raw) > _LARGEST:
        raise UnreadableError(f"{place.name} is larger than 64 MB. Export fewer years of the calendar at a time.")
    if raw.upper().count(b"BEGIN:VCALENDAR") > raw.upper().count(b"END:VCALENDAR"):
        raise UnreadableError(f"{place.name} breaks off in the middle. Export it again as iCalendar.")
    try:
        calendars = Calendar.from_ical(raw.decode("utf-8-sig", "replace"), multiple=True)
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise UnreadableError(f"{place.name} is no calendar that can be read. Export it again as iCalendar.") from error
    rows, alone = _rows(calendars)
    what = "entries without anybody invited from outside are no meetings with buyers; left out"
    notes = (Oddity(what, alone),) if alone else ()
    return Table(
        place.stem, place.name, place.path, HEADER, "iCalendar", lambda: iter(rows), notes=notes,
        signature=signature, record="meeting",
    )  # fmt: skip


def _rows(calendars: Iterable[Any]) -> tuple[list[list[str]], int]:
    events = [(calendar, event) for calendar in calendars for event in calendar.walk("VEVENT")]
    ours = _our_domain(event for _, event in events)
    now = _as_of(event for _, event in events)
    rows: list[list[str]] = []
    alone = 0
    for calendar, event, key, start in _occurrences(events, now):
        outside = [p for p in _parties(event) if not p.declined and p.domain != ours]
        if start is None:
            rows.append(Broken(str(event.get("SUMMARY", ""))[:200], "the entry has no beginning (DTSTART)"))
        elif not outside:
            alone += 1
        else:
            rows.append(_row(calendar, event, key, start, outside, ours, now))
    return rows, alone


def _our_domain(events: Iterable[Entry]) -> str:
    """The domain most of the organizers have; ``""`` where no entry names an organizer."""
    organizers = [_party(event.get("ORGANIZER")) for event in events]
    domains = Counter(party.domain for party in organizers if party is not None)
    return min(domains, key=lambda domain: (-domains[domain], domain)) if domains else ""


def _as_of(events: Iterable[Entry]) -> dt.datetime | None:
    stamps = [
        _instant(event[name].dt)
        for event in events for name in ("DTSTAMP", "LAST-MODIFIED", "CREATED") if hasattr(event.get(name), "dt")
    ]  # fmt: skip
    return max(stamps, default=None)


def _instant(moment: Moment) -> dt.datetime:
    """An instant to compare by; times without a zone as UTC."""
    if not isinstance(moment, dt.datetime):
        moment = dt.datetime.combine(moment, dt.time.min)
    return moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment.astimezone(dt.UTC)


def _occurrences(
    events: list[tuple[Any, Entry]], now: dt.datetime | None
) -> Iterator[tuple[Any, Entry, str, Moment | None]]:
    """Each occurrence with the key it goes by: the entry's own, and of a series the instant it was planned for."""
    moved: dict[tuple[str, dt.datetime], tuple[Any, Entry]] = {}
    single: dict[str, tuple[Any, Entry]] = {}
    for number, (calendar, event) in enumerate(events):
        uid = str(event.get("UID") or f"entry {number + 1}")
        planned = event.get("RECURRENCE-ID")
        if planned is not None and hasattr(planned, "dt"):
            _newest(moved, (uid, _instant(planned.dt)), calendar, event)
        else:
            _newest(single, uid, calendar, event)
    for uid, (calendar, event) in single.items():
        start = event["DTSTART"].dt if hasattr(event.get("DTSTART"), "dt") else None
        if start is None or not (event.get("RRULE") or event.get("RDATE")):
            yield calendar, event, uid, start
            continue
        for moment in _dates(event, start, now):
            planned = _instant(moment)
            own = moved.pop((uid, planned), None)
            key = f"{uid} {planned:%Y%m%dT%H%M%SZ}"
            yield (*own, key, own[1]["DTSTART"].dt) if own else (calendar, event, key, moment)
    for (uid, planned), (calendar, event) in moved.items():
        start = event["DTSTART"].dt if hasattr(event.get("DTSTART"), "dt") else None
        yield calendar, event, f"{uid} {planned:%Y%m%dT%H%M%SZ}", start


def _newest(found: dict[Any, tuple[Any, Entry]], key: Any, calendar: Any, event: Entry) -> None:
    """Of an entry that stands several times its highest revision counts (RFC 5545, SEQUENCE)."""
    before = found.get(key)
    if before is None or _sequence(event) >= _sequence(before[1]):
        found[key] = (calendar, event)


def _sequence(event: Entry) -> int:
    try:
        return int(event.get("SEQUENCE", 0))
    except (TypeError, ValueError):
        return 0


def _dates(event: Entry, start: Moment, now: dt.datetime | None) -> list[Moment]:
    """The occurrences of a series until a year after now: wall-clock times of its zone, summer time or not."""
    whole_days = not isinstance(start, dt.datetime)
    first = dt.datetime.combine(start, dt.time.min) if whole_days else start
    assert isinstance(first, dt.datetime)
    last = (now or _instant(start)) + _AHEAD
    found: dict[dt.datetime, Moment] = {}
    found[_instant(first)] = first
    rules = event.get("RRULE")
    for rule in rules if isinstance(rules, list) else [rules] if rules else []:
        for count, planned in enumerate(_series(rule, first)):
            if count >= _MOST_OCCURRENCES or _instant(planned) > last:
                break
            found[_instant(planned)] = planned
    found |= {_instant(added): added for added in _listed(event.get("RDATE"))}
    for left_out in _listed(event.get("EXDATE")):
        found.pop(_instant(left_out), None)
    moments = [found[planned] for planned in sorted(found)]
    return [moment.date() if whole_days and isinstance(moment, dt.datetime) else moment for moment in moments]


def _series(rule: Any, first: dt.datetime) -> Iterator[dt.datetime]:
    told = rule.copy()
    until = told.pop("UNTIL", None)
    try:
        series = rrulestr(told.to_ical().decode(), dtstart=first)
    except (ValueError, TypeError):  # a rule that is none: the entry itself stays
        return
    end = until[0] if isinstance(until, list) else until
    # A day as the end of the series is the whole of that day.
    whole = end is not None and not isinstance(end, dt.datetime)
    limit = None if end is None else _instant(end) + (dt.timedelta(days=1) if whole else dt.timedelta(0))
    for moment in series:
        if limit is not None and (_instant(moment) >= limit if whole else _instant(moment) > limit):
            return
        yield moment


def _listed(value: Any) -> Iterator[Moment]:
    for one in value if isinstance(value, list) else [value] if value is not None else []:
        for date in getattr(one, "dts", ()):
            yield date.dt[0] if isinstance(date.dt, tuple) else date.dt


def _parties(event: Entry) -> list[_Party]:
    """Who is invited, the organizer among them; rooms and devices are nobody."""
    listed = event.get("ATTENDEE")
    told = [*(listed if isinstance(listed, list) else [listed]), event.get("ORGANIZER")]
    found = {party.address.lower(): party for one in reversed(told) if (party := _party(one)) is not None}
    return list(reversed(found.values()))


def _party(value: Any) -> _Party | None:
    if value is None:
        return None
    parameters = getattr(value, "params", {})
    if str(parameters.get("CUTYPE", "")).upper() in ("ROOM", "RESOURCE"):
        return None
    text = str(value)
    address = text.partition(":")[2] if text.lower().startswith("mailto:") else text
    if "@" not in address:
        address = str(parameters.get("EMAIL", ""))
    name = " ".join(str(parameters.get("CN", "")).split()).strip("'\"")
    declined = str(parameters.get("PARTSTAT", "")).upper() == "DECLINED"
    return _Party(address.strip(), "" if "@" in name else name, declined) if "@" in address else None


def _row(
    calendar: Any, event: Entry, key: str, start: Moment, outside: list[_Party], ours: str, now: dt.datetime | None
) -> list[str]:
    length = _length(event)
    end = None if length is None else start + length
    cancelled = "CANCELLED" in (str(event.get("STATUS", "")).upper(), f"{calendar.get('METHOD', '')}LED".upper())
    organizer = _party(event.get("ORGANIZER"))
    owner = organizer if organizer is not None and organizer.domain == ours else None
    guests = "; ".join(f"{p.name} <{p.address}>" if p.name else p.address for p in outside)
    texts = [str(event.get(name, "")).replace("\0", "").strip()[:_LONGEST] for name in ("LOCATION", "DESCRIPTION")]
    zone = str(calendar.get("X-WR-TIMEZONE", ""))
    return [
        key[:400], " ".join(str(event.get("SUMMARY", "")).replace("\0", "").split())[:500], _written(start, zone),
        _written(end, zone), "cancelled" if cancelled else "", (owner.name or owner.address) if owner else "",
        guests, *texts, _written(now, ""),
    ]  # fmt: skip


def _length(event: Entry) -> dt.timedelta | None:
    """How long the entry takes: its end less its beginning, or its duration."""
    first, last, told = (getattr(event.get(name), "dt", None) for name in ("DTSTART", "DTEND", "DURATION"))
    if isinstance(told, dt.timedelta):
        return told
    if first is None or last is None or isinstance(first, dt.datetime) != isinstance(last, dt.datetime):
        return None
    return _instant(last) - _instant(first)


def _written(moment: Moment | None, zone: str) -> str:
    """ISO 8601: a day, an instant in UTC, or a wall-clock time in the calendar's zone, else in the installation's."""
    if moment is None:
        return ""
    if not isinstance(moment, dt.datetime):
        return moment.isoformat()
    if moment.tzinfo is None and zone:
        from zoneinfo import ZoneInfo

        try:
            moment = moment.replace(tzinfo=ZoneInfo(zone))
        except (KeyError, ValueError, OSError):
            return moment.isoformat(" ", "seconds")
    if moment.tzinfo is None:
        return moment.isoformat(" ", "seconds")
    return f"{moment.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"


def meetings(cells: Cells) -> Builder:
    """A meeting or visit with each buyer who is invited: held, booked or called off."""
    at, end, told_at = cells.when("at"), cells.instant("ended_at"), cells.instant("told_at")
    title, status, guests = cells.text("title"), cells.text("status"), cells.text("person")
    place, notes, owner = cells.text("place"), cells.text("notes"), cells.reference("owner", "colleague")
    parties, rest = named_parties(cells), cells.rest()
    minter, source, tally = cells.minter, cells.source, cells.tally

    def build(row: Row, key: str) -> list[Draft]:
        when, last, now, colleague = at(row), end(row), told_at(row), owner(row)
        over = when[0] is None or now is None or (last[0] if last else when[0]) <= now[0]
        kind = _kind(title(row), cancelled=status(row) == "cancelled", over=over)
        told: dict[str, Any] = {}
        if kind != "meeting.missed" and last is not None and when[0] is not None:
            told["minutes"] = max(0, (last[0] - when[0]) // 60_000)
        if kind == "meeting.missed":
            told["outcome"] = "cancelled"
        if kind == "meeting.booked":
            told["starts_at"] = when[0]
            when = now or when
        said = {
            name: cell for name, cell in (("subject", title(row)), ("notes", notes(row)), ("place", place(row))) if cell
        }
        thing = "visit" if kind == "visit.made" else "meeting"
        subject = minter.record(source, thing, key)
        drafts: list[Draft] = []
        for guest in guests(row).split("; "):
            name, _, address = guest.rpartition("<")
            normal = normal_email(address.rstrip(">"))
            if normal is None:
                tally.add("an address that cannot be mailed; the meeting came in without it", address[:60])
                continue
            who = minter.mint(EMAIL, normal, address.rstrip(">"))
            drafts.append(Draft(kind, thing, subject, *when, who, None, colleague, properties=told,
                                personal={**rest(row), **said}))  # fmt: skip
            if name.strip():
                drafts.append(Draft("person.described", "person", who, identifier=who, personal={"name": name.strip()}))
        if not drafts:
            drafts = [Draft(kind, thing, subject, *when, None, None, colleague, properties=told, personal=said)]
        return parties(row, drafts)

    return build


def _kind(title: str, *, cancelled: bool, over: bool) -> str:
    if cancelled:
        return "meeting.missed"
    if not over:
        return "meeting.booked"
    return "visit.made" if kind_of(title, ACTS[:3]) == "visit.made" else "meeting.held"
