"""Who there is: firms with buying committees, persons with needs, platforms and ways of shopping. Born once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from worlds.arrays import Bools, Floats, Ints, Words, pick, shares
from worlds.luck import BIRTH, Luck
from worlds.profiles.shape import Profile
from worlds.stages import Stage
from worlds.texts.firms import domain, firm_name
from worlds.texts.names import ELSEWHERE, FIRST, INFLUENCE, LAST, plain

COUNTRIES = tuple(FIRST)


@dataclass(frozen=True)
class Companies:
    """Buying firms; a household is a firm of one. Index = company number."""

    segment: Ints
    region: Ints
    desks: Ints
    amount_minor: Ints
    start: Ints
    first_person: Ints
    size: Ints
    name: list[str]
    domain: list[str]

    def __len__(self) -> int:
        return len(self.segment)


@dataclass(frozen=True)
class People:
    """Persons. Index = person number, the name of a person in the whole truth."""

    company: Ints
    segment: Ints
    region: Ints
    role: Ints
    influence: Floats
    intent: Floats
    enters: Ints
    mobile: Bools
    way: Words
    first: list[str]
    last: list[str]
    email: list[str]
    phone: list[str]
    device: list[str]
    cares: dict[str, Bools]

    def __len__(self) -> int:
        return len(self.company)


def born(profile: Profile, luck: Luck, count: int, weeks: int) -> tuple[Companies, People]:
    """``count`` persons in their firms. The first persons of a larger world are those of a smaller one."""
    companies, owner = _companies(profile, luck, count)
    return companies, _people(profile, luck, companies, owner, weeks)


def _companies(profile: Profile, luck: Luck, people: int) -> tuple[Companies, Ints]:
    draw = {
        name: luck.uniform(f"birth.firm.{name}", BIRTH, people)
        for name in ("segment", "size", "region", "desks", "start")
    }
    segment = pick(shares([s.share for s in profile.segments]), draw["segment"])
    low = np.array([s.committee[0] for s in profile.segments])[segment]
    high = np.array([s.committee[1] for s in profile.segments])[segment]
    size = (low + np.floor(draw["size"] * (high - low + 1))).astype(np.int64)
    firms = int(np.searchsorted(np.cumsum(size), people)) + 1
    segment, size = segment[:firms], size[:firms].copy()
    size[-1] -= int(size.sum()) - people
    region = pick(shares([r.share for r in profile.regions]), draw["region"][:firms])
    few = np.array([s.desks[0] for s in profile.segments], dtype=np.float64)[segment]
    many = np.array([s.desks[1] for s in profile.segments], dtype=np.float64)[segment]
    desks = np.rint(few * (many / few) ** draw["desks"][:firms]).astype(np.int64)
    spread = np.array([s.amount_spread for s in profile.segments])[segment]
    median = np.array([s.amount for s in profile.segments])[segment]
    bump = luck.normal("birth.firm.amount", BIRTH, people)[:firms]
    amount = np.maximum(np.rint(median * np.exp(spread * bump) * 100 / 500) * 500, 500).astype(np.int64)
    numbers = luck.whole("birth.firm.name", BIRTH, firms).tolist()
    taken: set[str] = set()
    names, domains = [], []
    for index, number in enumerate(numbers):
        country = profile.regions[int(region[index])].country
        names.append(firm_name(profile.segments[int(segment[index])].style, country, number))
        domains.append(domain(names[-1], number, taken))
    start = _starts(profile, segment, draw["start"][:firms])
    first = np.r_[0, np.cumsum(size)[:-1]].astype(np.int64)
    owner = np.repeat(np.arange(firms), size)
    return Companies(segment, region, desks, amount, start, first, size, names, domains), owner


def _starts(profile: Profile, segment: Ints, luck: Floats) -> Ints:
    start = np.full(len(segment), int(Stage.STRANGER), dtype=np.int64)
    for index, kind in enumerate(profile.segments):
        here = segment == index
        floor = 0.0
        for stage, share in kind.start.items():
            start[here & (luck >= floor) & (luck < floor + share)] = int(Stage[stage.upper()])
            floor += share
    return start


def _people(profile: Profile, luck: Luck, companies: Companies, owner: Ints, weeks: int) -> People:
    count = len(owner)
    segment, region = companies.segment[owner], companies.region[owner]
    place = np.arange(count) - companies.first_person[owner]
    role = np.where(place == 0, 0, 1 + (place - 1) % 3)
    spread = np.array([s.intent_spread for s in profile.segments])[segment]
    intent = np.exp(spread * luck.normal("birth.intent", BIRTH, count) - spread**2 / 2)
    at_once = np.array([s.at_once for s in profile.segments])[segment]
    entry = luck.uniform("birth.entry", BIRTH, count)
    later = np.floor((entry - at_once) / np.maximum(1 - at_once, 1e-9) * weeks)
    enters = np.where((entry < at_once) | (companies.start[owner] > 0), 0, later).astype(np.int64)
    mobile = luck.uniform("birth.mobile", BIRTH, count) < np.array([s.mobile for s in profile.segments])[segment]
    cares = {}
    for theme in profile.themes:
        able = np.array([not theme.segments or s.name in theme.segments for s in profile.segments])[segment]
        cares[theme.name] = able & (luck.uniform(f"birth.cares.{theme.name}", BIRTH, count) < theme.holders)
    first, last = _names(profile, luck, region)
    device = [f"{a:016x}" for a in luck.whole("birth.device", BIRTH, count).tolist()]
    return People(
        company=owner,
        segment=segment,
        region=region,
        role=role,
        influence=np.array(INFLUENCE)[role],
        intent=intent,
        enters=enters,
        mobile=mobile,
        way=_ways(profile, segment, luck.uniform("birth.way", BIRTH, count)),
        first=first,
        last=last,
        email=_emails(companies, owner, first, last),
        phone=_phones([profile.regions[r].country for r in region.tolist()]),
        device=device,
        cares=cares,
    )


def _names(profile: Profile, luck: Luck, region: Ints) -> tuple[list[str], list[str]]:
    count = len(region)
    one = luck.uniform("birth.first", BIRTH, count).tolist()
    two = luck.uniform("birth.last", BIRTH, count).tolist()
    abroad = luck.uniform("birth.abroad", BIRTH, count).tolist()
    first, last = [], []
    for place, a, b, far in zip(region.tolist(), one, two, abroad, strict=True):
        home = profile.regions[place].country
        country = ELSEWHERE[int(far * 5 * len(ELSEWHERE))] if far < 0.2 else home if home in FIRST else "GB"
        first.append(FIRST[country][int(a * len(FIRST[country]))])
        last.append(LAST[country][int(b * len(LAST[country]))].replace("Ó-", "Ó "))
    return first, last


def _ways(profile: Profile, segment: Ints, luck: Floats) -> Words:
    ways = [list(s.ways) for s in profile.segments]
    steps = [shares(list(s.ways.values())) for s in profile.segments]
    chosen = [
        ways[s][int(np.searchsorted(steps[s], u, side="right"))]
        for s, u in zip(segment.tolist(), luck.tolist(), strict=True)
    ]
    return np.array(chosen, dtype=np.str_)


def _emails(companies: Companies, owner: Ints, first: list[str], last: list[str]) -> list[str]:
    taken: set[str] = set()
    result = []
    for company, given, family in zip(owner.tolist(), first, last, strict=True):
        stem = f"{plain(given)}.{plain(family)}"
        address = f"{stem}@{companies.domain[company]}"
        step = 1
        while address in taken:
            step += 1
            address = f"{stem}{step}@{companies.domain[company]}"
        taken.add(address)
        result.append(address)
    return result


def _phones(countries: list[str]) -> list[str]:
    """Numbers from ranges kept free for drama: Ofcom (GB), ARCEP decision 2018-0881 (FR), Bundesnetzagentur (DE).

    Each is given once; where a range is used up, or a country has none, a person has no phone.
    """
    pools = {
        "GB": (f"+44 7700 900{n:03d}" for n in range(1000)),
        "FR": (f"+33 6 39 98 {n // 100:02d} {n % 100:02d}" for n in range(10_000)),
        "DE": (
            f"+49 {area}{n:03d}" for area in ("30 23125 ", "221 4710 ", "40 66969 ", "89 99998 ") for n in range(1000)
        ),
    }
    return [next(pools[country], "") if country in pools else "" for country in countries]
