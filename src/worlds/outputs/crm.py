"""What a CRM has seen, before it takes the shape of one vendor: activities week by week, records at the end.

Both vendors' exports are made from this one memory, so that either alone tells the whole of the company.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from worlds.arrays import Bools, Ints
from worlds.book import Book
from worlds.clock import HOUR
from worlds.dirt.identities import Identities, mistyped, reception
from worlds.luck import BIRTH
from worlds.mechanisms.handoffs import ACCEPTED, FORGOTTEN, REASONS, SENT_BACK
from worlds.mechanisms.push import KINDS
from worlds.outputs.pieces import Pieces
from worlds.stages import RECORDED, Stage
from worlds.texts import words
from worlds.truth.record import Record
from worlds.world import SELF, State, World

NEVER = 2**62
WAITING = -1
"""The verdict of a handoff that nobody has answered yet."""
MOVES = {
    Stage.DEAL: "deal.opened",
    Stage.TASTING: "deal.moved",
    Stage.PROPOSAL: "deal.moved",
    Stage.WON: "deal.won",
    Stage.LOST: "deal.lost",
}
"""What reaching a stage of a deal is called in the clean record."""

ACTIVITIES = {
    "call": "call.made",
    "call_missed": "call.missed",
    "mail": "mail.sent",
    "meeting": "meeting.held",
    "visit": "visit.made",
}
"""What an activity is called in the clean record."""

STATUSES = ("New", "Attempted to contact", "Connected", "Unqualified", "Open deal")
NEW, ATTEMPTED, CONNECTED, UNQUALIFIED, OPEN_DEAL = range(5)


class Activity(NamedTuple):
    """Something a seller did, or has to do."""

    number: int
    at: int
    person: int
    seller: int
    kind: str  # of push.KINDS
    minutes: int
    text: str
    planned: bool = False


class Handoff(NamedTuple):
    """A raised hand, as the task the CRM made of it."""

    number: int
    asked: int
    answered: int
    person: int
    seller: int
    verdict: int
    reason: str


class Crm:
    """The memory both vendors' exports are made from."""

    def __init__(self, world: World, pieces: Pieces, dirt: Identities) -> None:
        self.world, self.pieces, self.dirt = world, pieces, dirt
        firms = len(world.companies)
        self.reached = np.zeros((firms, len(Stage)), dtype=np.int64)
        self.lost_reason = np.full(firms, -1, dtype=np.int64)
        self.status = np.zeros(len(world.people), dtype=np.int64)
        self.reason = np.full(len(world.people), -1, dtype=np.int64)
        self.touched = np.zeros(len(world.people), dtype=np.int64)
        self.source = np.full(len(world.people), -1, dtype=np.int64)
        self.activities: list[Activity] = []
        self.handoffs: list[Handoff] = []
        self.moves: dict[str, Ints] = {}
        self.holders = np.zeros(0, dtype=np.int64)
        self._number = 0
        self.skips = world.luck.uniform("dirt.skipped", BIRTH, firms) < world.profile.dirt.skipped
        begin = np.zeros(1, dtype=np.int64)
        self.begin = int(world.calendar.start_of(begin, begin)[0])
        started = world.companies.start >= Stage.DEAL
        won = world.companies.start == Stage.WON
        luck = world.luck.uniform("birth.deal.age", BIRTH, firms) * np.where(won, 600, 60)
        age = (luck + 20).astype(np.int64) * 86_400_000 - 9 * HOUR - (luck % 1 * 8 * HOUR).astype(np.int64)
        self.before = np.where(started, self.begin - age, 0)
        self.reached[started, int(Stage.DEAL)] = self.before[started]
        for stage, days in ((Stage.TASTING, 7), (Stage.PROPOSAL, 14)):
            past = started & ~won & (world.companies.start >= stage)
            self.reached[past, int(stage)] = self.before[past] + days * 86_400_000
        self.reached[won, int(Stage.WON)] = self.before[won] + 15 * 86_400_000

    def week(self, book: Book) -> None:
        """Take in a week."""
        world = self.world
        self.holders = np.array(
            [world.seat_holder(seat, book.week) for seat in range(len(world.seats))] or [-1], dtype=np.int64
        )
        self.moves = book.of("deal")
        if self.moves:
            self.reached[self.moves["company"], self.moves["after"]] = self.moves["at"]
        lost = book.of("lost")
        if lost:
            self.lost_reason[lost["company"]] = lost["recorded"]
        views = book.of("page")
        if views:
            first = views["first"] & (self.source[views["person"]] < 0)
            self.source[views["person"][first][::-1]] = views["source"][first][::-1]
        self._contacts(book)
        self._handoffs(book)

    def _contacts(self, book: Book) -> None:
        self.activities = []
        rows = book.of("contact")
        if rows:
            self._held(book.week, rows)
        planned = book.of("planned")
        for index in range(len(planned["at"]) if planned else 0):
            at, person, seller = (int(planned[name][index]) for name in ("at", "person", "seller"))
            kind = KINDS[int(planned["kind"][index])]
            self.activities.append(Activity(self._next(), at, person, seller, kind, 60, "", planned=True))

    def _held(self, week: int, rows: dict[str, Ints]) -> None:
        order = np.lexsort((rows["person"], rows["at"]))
        numbers = self.world.luck.whole("text.note", week, len(order)).tolist()
        for place, index in enumerate(order.tolist()):
            person, kind = int(rows["person"][index]), KINDS[int(rows["kind"][index])]
            text = self._note(person, kind, int(rows["stage"][index]), numbers[place], week)
            minutes = max(1, round(float(rows["hours"][index]) * 60 * (0.5 + numbers[place] % 97 / 97)))
            at, seller = int(rows["at"][index]), int(rows["seller"][index])
            self.activities.append(Activity(self._next(), at, person, seller, kind, minutes, text))
        self.touched[rows["person"]] = np.maximum(self.touched[rows["person"]], rows["at"])
        talked = np.isin(rows["kind"], (0, 3, 4))
        who = rows["person"]
        free = self.status[who] <= CONNECTED
        self.status[who[free]] = np.maximum(self.status[who[free]], np.where(talked[free], CONNECTED, ATTEMPTED))

    def facts(self, person: int) -> dict[str, object]:
        """What a text may mention of a person."""
        people, companies = self.world.people, self.world.companies
        company = int(people.company[person])
        return {
            "first": people.first[person],
            "last": people.last[person],
            "title": self.pieces.title(person).lower(),
            "firm": companies.name[company],
            "desks": int(companies.desks[company]),
        }

    def _note(self, person: int, kind: str, stage: int, number: int, week: int) -> str:
        if kind in ("call_missed", "mail"):
            return words.short_note(kind, number)
        world = self.world
        phase = "early" if stage < Stage.DEAL else "deal" if stage < Stage.PROPOSAL else "proposal"
        cares = [theme.name for theme in world.profile.themes if world.people.cares[theme.name][person]]
        asks = ""
        stall = world.profile.stall
        segment = world.profile.segments[int(world.people.segment[person])].name
        if phase == "proposal" and segment == stall.segment and world.story(stall.at, week) and number % 5 < 3:
            asks = words.said("service", number // 7)
        elif cares and number % 3:
            asks = words.said(cares[number // 3 % len(cares)], number // 7)
        return words.talk_note(kind, phase, number, self.facts(person), asks)

    def _handoffs(self, book: Book) -> None:
        rows = book.of("handoff")
        self.handoffs = []
        if not rows:
            return
        seats = self.world.seller_of[self.world.people.company[rows["person"]]]
        for index, seat in enumerate(seats.tolist()):
            if seat == SELF:
                continue
            verdict = int(rows["verdict"][index])
            reason = REASONS[int(rows["reason"][index])] if verdict == SENT_BACK else ""
            self.handoffs.append(
                Handoff(
                    self._next(),
                    int(rows["asked"][index]),
                    int(rows["at"][index]),
                    int(rows["person"][index]),
                    int(self.holders[seat]),
                    verdict,
                    reason,
                )
            )
        for verdict, status in ((ACCEPTED, CONNECTED), (SENT_BACK, UNQUALIFIED), (FORGOTTEN, ATTEMPTED)):
            who = rows["person"][rows["verdict"] == verdict]
            self.status[who] = status
        back = rows["verdict"] == SENT_BACK
        self.reason[rows["person"][back]] = rows["reason"][back]

    def deals_by_age(self, deal: Ints) -> Ints:
        """Firms with a deal, in the order in which the deals were opened."""
        firms = np.flatnonzero(deal >= Stage.DEAL)
        return np.asarray(firms[np.argsort(self.reached[firms, int(Stage.DEAL)], kind="stable")], dtype=np.int64)

    def _pending(self, state: State) -> list[Handoff]:
        """Hands that are raised and not yet answered when the world ends: somebody waits."""
        found = []
        for person in np.flatnonzero(state.answer_at >= self.world.calendar.end).tolist():
            seat = int(self.world.seller_of[self.world.people.company[person]])
            if seat != SELF:
                asked = int(state.asked_at[person])
                found.append(Handoff(self._next(), asked, 0, person, int(self.holders[seat]), WAITING, ""))
        return found

    def _next(self) -> int:
        self._number += 1
        return self._number

    def close(self, state: State, record: Record) -> Closed:
        """The records as they stand at the end."""
        world, people = self.world, self.world.people
        known = (state.known_at < world.calendar.end) | (state.called_at < world.calendar.end)
        created = np.minimum(state.known_at, state.called_at)
        self.activities, self.handoffs = [], self._pending(state)
        group = reception(world, known)
        emails = list(people.email)
        for person in np.flatnonzero(known & self.dirt.typo).tolist():
            emails[person] = mistyped(emails[person])
            record.speck("crm", emails[person], "typo", person, people.email[person])
        if len(group):
            shared = "reception@" + world.companies.domain[int(people.company[group[0]])]
            for person in group.tolist():
                emails[person] = shared
                record.speck("crm", shared, "shared_mailbox", person, people.email[person])
        for firm in np.flatnonzero(self.skips & (self.reached[:, int(Stage.TASTING)] > 0)).tolist():
            record.speck("crm", f"deal {firm}", "skipped_stage", int(world.companies.first_person[firm]), "tasting")
        owners = np.where(world.seller_of == SELF, -1, self.holders[np.maximum(world.seller_of, 0)])
        return Closed(known, created, emails, owners, self.twice(known, record), state, world.calendar.end)

    def twice(self, known: Bools, record: Record) -> list[tuple[int, str, str]]:
        """Contacts entered twice: person, first name and e-mail of the second record."""
        people = self.world.people
        found = []
        for person in np.flatnonzero(known & self.dirt.twice).tolist():
            first = people.first[person][:1] + "." if person % 2 else people.first[person]
            email = "" if person % 3 == 0 else people.email[person].replace("@", ".old@", 1)
            record.speck("crm", f"second record of {person}", "duplicate", person, email)
            found.append((person, first, email))
        return found


class Closed(NamedTuple):
    """The CRM at the end of the world."""

    known: Bools
    created: Ints
    emails: list[str]
    owners: Ints  # by company: seller, -1 nobody
    twice: list[tuple[int, str, str]]
    state: State
    end: int

    def by_age(self, who: Ints) -> Ints:
        """These persons in the order in which their records were made, as exports come."""
        return np.asarray(who[np.argsort(self.created[who], kind="stable")], dtype=np.int64)

    def second_created(self, person: int) -> Ints:
        """When the second record of a person was made."""
        return np.minimum(self.created[person : person + 1] + 40 * 24 * HOUR, self.end - 20 * HOUR)


def deal_name(world: World, firm: int) -> str:
    """What a seller calls the firm's deal: the dearest machine the amount pays for, how many of them, and the firm."""
    machines = [price for price in world.profile.prices if price.kind == "machine" and price.launched_at == 0]
    who = world.companies.name[firm] or world.people.last[int(world.companies.first_person[firm])]
    if not machines:
        return f"{who} - {world.profile.segments[int(world.companies.segment[firm])].label}"
    worth = int(world.companies.amount_minor[firm]) / 100
    cheapest = min(machines, key=lambda price: price.price)
    machine = max((one for one in machines if one.price <= worth), key=lambda one: one.price, default=cheapest)
    many = max(1, round(worth / machine.price))
    return f"{who}: {f'{many} × ' if many > 1 else ''}{machine.product}"


def lost_reason(code: int) -> str:
    """The recorded reason, in words; empty for none."""
    return RECORDED[code] if code >= 0 else ""
