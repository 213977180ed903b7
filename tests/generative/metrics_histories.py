"""Random logs about a few deals and persons: files that say records again, undone imports, days, unknown times."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from hypothesis import strategies as st

from tests.spec.verdicts_by_hand import AGENTS
from twostroke.identity.actions import store_identifiers
from twostroke.identity.facts import Minter, device_namespace
from twostroke.kit.time import day_millis, set_clock
from twostroke.ledger.actions import append, catch_up, change_definition
from twostroke.ledger.facts import Draft, Message, Precision
from twostroke.ledger.queries import head_seq

MINTER = Minter(b"a key for histories")
DEALS = [MINTER.record("crm", "deal", str(n)) for n in range(3)]
COMPANIES = [MINTER.record("crm", "company", str(n)) for n in range(2)]
OWNERS = [MINTER.record("crm", "owner", str(n)) for n in range(2)]
# A person has a record, an e-mail and a device of their own; the last device is nobody's.
PERSONS = [(MINTER.record("crm", "contact", str(n)), MINTER.mint("email", f"p{n}@acme.example")) for n in range(2)]
DEVICES = [MINTER.mint(device_namespace("site"), f"c{n}") for n in range(3)]
MINTED = MINTER.drain()

# Two days on which a zone's clocks change, and one on which none does.
_DAYS = [day_millis(date(2025, *day)) for day in ((10, 25), (10, 26), (11, 2))]
_HOURS = [0, 1, 11, 12, 23]
ZONES = ["UTC", "Europe/Berlin", "America/New_York"]
_CRM = {"source_name": "crm"}
_RECORDS = [hashlib.md5(name.encode()).hexdigest() for name in ("r1", "r2")]


@dataclass
class History:
    """What is appended, one transaction a step, with the clock at that moment; and the installation's zone."""

    zone: str
    currency: str
    steps: list[tuple[int, list[Message]]] = field(default_factory=list)


instants = st.one_of(
    st.just((None, Precision.UNKNOWN)),
    st.tuples(st.sampled_from(_DAYS), st.just(Precision.DAY)),
    st.builds(
        lambda day, hour: (day + hour * 3_600_000, Precision.MS), st.sampled_from(_DAYS), st.sampled_from(_HOURS)
    ),
)


@st.composite
def drafts(draw: st.DrawFn) -> Draft:
    """A line about a deal or a person."""
    at, precision = draw(instants)
    person = draw(st.sampled_from([*PERSONS[0], *PERSONS[1], *DEVICES]))
    channel = draw(st.sampled_from([None, None, "ads", "fair"]))
    if draw(st.booleans()):
        return draw(_about_a_deal(at, precision, person, channel))
    kind = draw(
        st.sampled_from(
            ["identity.claimed", "stage.reached", "form.submitted", "page.viewed", "person.described", "order.placed"]
        )
    )
    subject_kind, subject, properties = "person", person, dict[str, Any]()
    if kind == "identity.claimed":
        number = draw(st.integers(0, 1))
        ids = draw(st.lists(st.sampled_from([*PERSONS[number], DEVICES[number]]), min_size=2, max_size=3, unique=True))
        subject = person = ids[0]
        properties = {"ids": ids}
    elif kind == "stage.reached":
        properties = {"stage": draw(st.sampled_from(["lead", "mql", "evangelist", "other", "no such stage"]))}
    elif kind == "person.described":
        properties = draw(st.sampled_from([{}, {"heard_of_us_by": "a friend"}, {"heard_of_us_by": "radio"}]))
    elif kind == "order.placed":
        subject_kind, subject = "order", DEALS[0]
    elif kind in ("form.submitted", "page.viewed"):
        agent = draw(st.sampled_from(list(AGENTS)))
        properties = {"agent": agent} if agent else {}
    company = draw(st.sampled_from([None, *COMPANIES]))
    return Draft(kind, subject_kind, subject, at, precision, person, company, channel=channel, properties=properties)


@st.composite
def _about_a_deal(draw: st.DrawFn, at: int | None, precision: Precision, person: str, channel: str | None) -> Draft:
    kind = draw(
        st.sampled_from(
            ["deal.opened", "deal.moved", "deal.changed", "deal.won", "deal.lost", "deal.reopened", "owner.assigned"]
        )
    )
    properties = {}
    if kind != "owner.assigned" and draw(st.booleans()):
        properties["stage"] = draw(st.sampled_from(["talk", "proposal", 'it\'s "quoted" \\ ünïcode']))
    money: dict[str, Any] = {}
    if kind in ("deal.opened", "deal.changed", "deal.won", "deal.lost") and draw(st.booleans()):
        amount = draw(st.sampled_from([0, 1, 999, -5, 2**53]))
        money = {"amount_minor": amount, "currency": draw(st.sampled_from(["EUR", "JPY"]))}
    return Draft(
        kind, "deal", draw(st.sampled_from(DEALS)), at, precision, draw(st.sampled_from([None, person])),
        draw(st.sampled_from([None, *COMPANIES])), draw(st.sampled_from([None, *OWNERS])), channel,
        properties=properties, **money,
    )  # fmt: skip


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Imports that say few records in few versions, in and out of order, and messages of other senders in between."""
    history = History(draw(st.sampled_from(ZONES)), draw(st.sampled_from(["EUR", "USD"])))
    versions: dict[str, tuple[Draft, ...]] = {}
    stored: set[str] = set()
    batches: list[str] = []
    for number in range(draw(st.integers(1, 7))):
        clock = (draw(st.sampled_from(_DAYS)) + draw(st.sampled_from(_HOURS)) * 3_600_000) * 1000
        act = draw(st.sampled_from(["file", "file", "plain", "plain", "undo"]))
        if act == "plain":
            made = tuple(draw(st.lists(drafts(), min_size=1, max_size=3)))
            history.steps.append((clock, [_message(f"m{number}", made)]))
        elif act == "undo" and batches:
            undone = Draft(
                "import.undone",
                "import",
                "i",
                properties={"batch": draw(st.sampled_from(batches)), "source_name": "crm"},
            )
            history.steps.append((clock, [_message(f"m{number}", (undone,))]))
        else:
            batches.append(f"b{number}")
            history.steps.append((clock, draw(_file(f"b{number}", versions, stored))))
    return history


@st.composite
def _file(draw: st.DrawFn, batch: str, versions: dict[str, tuple[Draft, ...]], stored: set[str]) -> list[Message]:
    dated = draw(st.sampled_from([None, *_DAYS]))
    properties = _CRM | ({} if dated is None else {"version_time": dated})
    messages = [_message(f"started:{batch}", (Draft("import.started", "import", "i", properties=properties),), batch)]
    again = []
    for row in range(1, 1 + draw(st.integers(1, 4))):
        message_id = f"{draw(st.sampled_from(_RECORDS))}.{draw(st.sampled_from('ab')) * 32}"
        if message_id in stored:
            again.append([message_id, row])
            continue
        stored.add(message_id)
        versions[message_id] = tuple(draw(st.lists(drafts(), min_size=1, max_size=2)))
        messages.append(_message(message_id, versions[message_id], batch, row))
    if again:
        confirmed = Draft(
            "import.confirmed", "import", "i", properties={"batch": batch, "rows": again, "source_name": "crm"}
        )
        messages.append(_message(f"confirmed:{batch}", (confirmed,)))
    return messages


def _message(message_id: str, made: tuple[Draft, ...], batch: str | None = None, row: int | None = None) -> Message:
    return Message("crm", message_id, hashlib.md5(message_id.encode()).hexdigest(), made, batch=batch, row=row)


def live(history: History) -> list[int]:
    """Append the history and fold it. Returns the seq after each step, where numbers may be asked as of."""
    set_clock(lambda: _DAYS[0] * 1000)
    store_identifiers(MINTED)
    change_definition(name="installation.zone", value=history.zone)
    change_definition(name="installation.currency", value=history.currency)
    seqs = []
    for clock, messages in history.steps:
        set_clock(lambda clock=clock: clock)  # type: ignore[misc]
        append(messages)
        seqs.append(head_seq())
    catch_up()
    set_clock(None)
    return seqs
