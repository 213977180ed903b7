"""A world as it stands before its first week, and the state of each of its variants."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from worlds.arrays import Bools, Floats, Ints, shares
from worlds.clock import HOUR, Calendar
from worlds.luck import BIRTH, Luck
from worlds.mechanisms.people import Companies, People
from worlds.profiles.shape import Profile, Rates
from worlds.stages import MOVE_NAMES, Stage

SELF = -1
"""The seller of what no seller carries: the webshop."""


@dataclass(frozen=True)
class Switches:
    """What is taken out of a counterfactual world. The empty one is the world as it was."""

    name: str = "as_it_was"
    pull: bool = True
    push: bool = True
    without_channels: frozenset[str] = frozenset()
    without_stories: frozenset[str] = frozenset()
    arms: tuple[tuple[str, int], ...] = ()  # experiment → the arm that everybody has


@dataclass(frozen=True)
class Seller:
    """One of ours who calls. ``until`` and ``since`` are weeks; a successor has the number of whom he follows."""

    team: int
    name: str
    email: str
    since: int
    until: int
    follows: int


@dataclass(frozen=True)
class World:
    """Everything that does not change from week to week."""

    profile: Profile
    seed: int
    calendar: Calendar
    luck: Luck
    companies: Companies
    people: People
    sellers: list[Seller]
    seller_of: Ints  # company → seat (a seller's place that outlives who sits on it); SELF for the webshop
    seats: list[list[int]]  # seat → sellers in their order
    team_of_seat: Ints
    terms: Floats  # segment × move × (base, pull, push, both); the last move is NONE, all zero
    zone_of_region: Ints
    zone_of_team: Ints
    self_serve: Bools  # by segment
    arms: dict[str, Ints] = field(default_factory=dict)  # experiment → arm by firm or region

    def week_at(self, share: float) -> int:
        """The week that lies at a share of the world's length."""
        return round(share * self.calendar.length)

    def story(self, at: float, week: int) -> bool:
        """Whether a planted story that begins at this share has begun. 0 means never; so does ``strength.stories =
        0``."""
        return at > 0 and self.profile.strength.stories > 0 and week >= self.week_at(at)

    def told(self, size: float) -> float:
        """A story's multiplier, drawn towards 1 by ``strength.stories``."""
        return 1.0 + (size - 1.0) * self.profile.strength.stories

    def where(self, wanted: list[str]) -> Bools:
        """By person: whether the segment is among the named ones (none named: all)."""
        hits = np.array([not wanted or s.name in wanted for s in self.profile.segments])
        return np.asarray(hits[self.people.segment], dtype=np.bool_)

    @property
    def opens(self) -> int:
        """When work begins: milliseconds since midnight."""
        return _clock(self.profile.firm.opens)

    @property
    def closes(self) -> int:
        """When work ends: milliseconds since midnight."""
        return _clock(self.profile.firm.closes)

    def seat_holder(self, seat: int, week: int) -> int:
        """Who sits there in that week, as seller number; -1 where nobody does."""
        for number in self.seats[seat]:
            if self.sellers[number].since <= week < self.sellers[number].until:
                return number
        return -1


def _clock(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * HOUR + int(minutes) * 60_000


def terms_of(profile: Profile) -> Floats:
    """The terms of the hazard equation, after ``[strength]``: segment × move × (base, pull, push, both)."""
    dial = profile.strength
    table = np.zeros((len(profile.segments), len(MOVE_NAMES) + 1, 4))
    for row, segment in enumerate(profile.segments):
        for column, move in enumerate(MOVE_NAMES):
            terms: Rates = getattr(segment, move)
            table[row, column] = (terms.base, terms.pull * dial.pull, terms.push * dial.push, terms.both * dial.both)
    return table


@dataclass
class State:
    """One variant's present. Arrays over people unless said otherwise."""

    switches: Switches
    stage: Ints
    cause_out: Ints  # index of the true cause, -1
    pull_stock: Floats
    push_stock: Floats
    last_own_visit: Ints  # week, -99 never; clicks on ads and mails do not count
    known_at: Ints  # instant, 2**62 never
    called_at: Ints  # instant a seller first called a stranger, 2**62 never
    asked_at: Ints  # of the pending handoff, 0 none
    answer_at: Ints  # when it is answered
    verdict: Ints  # what the answer will be, see mechanisms.handoffs
    late_factor: Floats
    met_claim: Bools
    consent: Bools
    need_from: Ints  # week in which a fair's talk ripens, -1 none
    touched_by: Ints  # last channel met, see mechanisms.pull; -1 none
    touched_at: Ints
    deal: Ints  # by company: NONE is 0
    deal_since: Ints  # by company, instant
    opened_at: Ints  # by company: when its deal was opened, -1 before the first week, 2**62 never
    complained_at: Ints  # by company: when it first voiced the concern that a claim answers, 2**62 never
    joined_claim: Ints  # by company: the week in which it was drawn to be told the claim or not, -1 never
    deal_touch: Ints  # by company: the last touch when it was won
    won_at: Ints  # by company: instant, 0 not
    lost_cause: Ints  # by company
    orders_minor: Ints  # by company
    parts: dict[str, Floats] = field(default_factory=dict)  # this week's, by person, for the truth

    @property
    def as_it_was(self) -> bool:
        """Whether this is the variant that is written to the public files."""
        return self.switches.name == "as_it_was"

    def shown(self, companies_of: Ints) -> Ints:
        """The stage by person: a known member of a firm with a deal stands where the deal stands."""
        deal = self.deal[companies_of]
        return np.where((deal > 0) & (self.stage >= Stage.LEAD) & (self.stage != Stage.OUT), deal, self.stage)


def first_state(world: World, switches: Switches) -> State:
    """The state before the first week; the same in every variant."""
    people, companies = world.people, world.companies
    start = companies.start[people.company]
    count, firms = len(people), len(companies)
    in_deal = companies.start >= Stage.DEAL
    stage = np.where(start >= Stage.DEAL, int(Stage.SAL), start)
    never = 2**62
    begin = int(world.calendar.start_of(np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64))[0])
    luck = world.luck.uniform("birth.known", BIRTH, count)
    before = (
        (luck * 720).astype(np.int64) * 24 * HOUR - 9 * HOUR - (luck * 720 % 1 * 8 * HOUR).astype(np.int64) + 24 * HOUR
    )
    won = companies.start == Stage.WON
    return State(
        switches=switches,
        stage=stage.astype(np.int64),
        cause_out=np.full(count, -1, dtype=np.int64),
        pull_stock=np.zeros(count),
        push_stock=np.zeros(count),
        last_own_visit=np.full(count, -99, dtype=np.int64),
        known_at=np.where(start >= Stage.LEAD, begin - before, never),
        called_at=np.full(count, never, dtype=np.int64),
        asked_at=np.zeros(count, dtype=np.int64),
        answer_at=np.zeros(count, dtype=np.int64),
        verdict=np.zeros(count, dtype=np.int64),
        late_factor=np.ones(count),
        met_claim=np.zeros(count, dtype=np.bool_),
        consent=world.luck.uniform("birth.consent", BIRTH, count) < 0.8,
        need_from=np.full(count, -1, dtype=np.int64),
        touched_by=np.full(count, -1, dtype=np.int64),
        touched_at=np.zeros(count, dtype=np.int64),
        deal=np.where(in_deal, companies.start, 0).astype(np.int64),
        deal_since=np.where(in_deal, begin, 0).astype(np.int64),
        opened_at=np.where(in_deal, -1, never).astype(np.int64),
        complained_at=np.full(firms, never, dtype=np.int64),
        joined_claim=np.full(firms, -1, dtype=np.int64),
        deal_touch=np.full(firms, -1, dtype=np.int64),
        won_at=np.where(won, 1, 0).astype(np.int64),
        lost_cause=np.full(firms, -1, dtype=np.int64),
        orders_minor=np.zeros(firms, dtype=np.int64),
    )


@lru_cache
def hour_table(style: str) -> Floats:
    """When in the week people of such firms come: cumulative shares of its 168 hours, Monday 00:00 first.

    Offices come in working hours, hotels late as well, households in the evening and on Sundays.
    """
    home = style == "household"
    weights = []
    for day in range(7):
        for hour in range(24):
            work = 8.0 if 8 <= hour < 18 else 1.2 if 6 <= hour < 22 else 0.15
            evening = 7.0 if 18 <= hour < 23 else 2.0 if 9 <= hour < 18 else 0.2
            if home:
                weights.append(evening * (1.6 if day == 6 else 1.0))
            else:
                weights.append(work * ((1.15, 1.2, 1.1, 1.0, 0.8, 0.15, 0.2)[day]))
    return shares(weights)
