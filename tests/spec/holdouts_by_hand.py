"""What became of the arms of experiments, slowly and plainly, from the words of the definition. No code of ours.

Lines, kinds and helpers are those of ``numbers_by_hand``; ``whose`` gives the person, ``firms`` the company of each
identifier; others are nobody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from itertools import product
from math import sqrt
from statistics import mean
from typing import Any
from zoneinfo import ZoneInfo

from tests.spec.numbers_by_hand import Kinds, Line, in_order, instant, lines_in_force, money, said
from tests.spec.stories_by_hand import DEALING, last, of_deals

Row = dict[str, Any]
EVER = (-(10**15), 10**15)


def holdouts(
    lines: Iterable[Line], kinds: Kinds, zone: str, reporting: str, whose: Mapping[str, str], firms: Mapping[str, str]
) -> dict[tuple[Any, ...], Row]:
    """(experiment, arm, cluster, currency, sector) → count, value, opened, won, ordered, later, without_value."""
    lines = in_order(lines_in_force(list(lines)), kinds, zone)
    homes = _homes(lines, whose, firms)
    described = _described(lines, kinds, zone, firms)
    buyers = _buyers(lines, kinds, zone, whose, firms, homes, described)
    bought = _bought(lines, kinds, zone, whose, firms, homes)
    orders = _orders(lines, kinds, zone, whose, firms, homes)
    rows: dict[tuple[Any, ...], Row] = defaultdict(
        lambda: {"count": 0, "minor": 0, "opened": 0, "won": 0, "ordered": 0, "later": 0, "without_value": 0}
    )
    for (experiment, buyer), drawn in buyers.items():
        begins, ends = min(one["begins"] for one in drawn), max(one["ends"] for one in drawn)
        deals = bought.get(buyer, [])
        if any(deal["won"] is not None and deal["won"] < begins for deal in deals):
            continue
        arms, clusters = {one["arm"] for one in drawn}, {one["cluster"] for one in drawn}
        key = (
            experiment, arms.pop() if len(arms) == 1 else None, clusters.pop() if len(clusters) == 1 else None,
            reporting, described.get(buyer, {}).get("sector"),
        )  # fmt: skip
        won = [deal for deal in deals if deal["won"] is not None and begins <= deal["won"] <= ends]
        priced = [deal["minor"] for deal in won if deal["minor"] is not None and deal["currency"] == reporting]
        row = rows[key]
        row["count"] += 1
        row["minor"] += sum(priced)
        row["opened"] += any(begins <= deal["opened"] <= ends for deal in deals)
        row["won"] += bool(won)
        row["ordered"] += any(begins <= at <= ends for at in orders.get(buyer, []))
        row["later"] += not won and any(deal["won"] is not None and deal["won"] > ends for deal in deals)
        row["without_value"] += len(won) - len(priced)
    return {key: {"value": money(row.pop("minor"), reporting), **row} for key, row in rows.items()}


def _homes(lines: list[Line], whose: Mapping[str, str], firms: Mapping[str, str]) -> dict[str, str]:
    """The company a person stands for: the last one that a description names the person with."""
    found: dict[str, str] = {}
    for line in lines:
        if line["kind"] == "person.described" and line["identifier"] in whose and line["company"] in firms:
            found[whose[line["identifier"]]] = firms[line["company"]]
    return found


def _described(lines: list[Line], kinds: Kinds, zone: str, firms: Mapping[str, str]) -> dict[str, Row]:
    """By company: its last region, country and sector, and since when it is described."""
    found: dict[str, Row] = {}
    for line in lines:
        if line["kind"] == "company.described" and line["company"] in firms:
            mine = found.setdefault(firms[line["company"]], {"since": instant(line, kinds, zone)})
            mine |= {name: said(line)[name] for name in ("region", "country", "sector") if name in said(line)}
    return found


def _buyers(
    lines: list[Line], kinds: Kinds, zone: str, whose: Mapping[str, str], firms: Mapping[str, str],
    homes: Mapping[str, str], described: Mapping[str, Row],
) -> dict[tuple[str, str], list[Row]]:  # fmt: skip
    """Of each experiment and buyer what the lines that count say."""
    counts: dict[tuple[str, str], Line] = {}
    for line in lines:
        if line["kind"] == "experiment.assigned":
            told = said(line)
            person, firm = whose.get(line["identifier"] or ""), firms.get(line["company"] or "")
            about = person or firm or (told.get("region") or told["sector"]).lower()
            counts[told["experiment"], about] = line
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for (experiment, _), line in counts.items():
        told = said(line)
        begins = EVER[0] if line["happened_at"] is None else instant(line, kinds, zone)
        one = {"arm": told["arm"], "begins": begins, "ends": _end_of(told.get("until"), zone), "cluster": None}
        person, firm = whose.get(line["identifier"] or ""), firms.get(line["company"] or "")
        if person or firm:
            found[experiment, firm or homes.get(person or "") or person or ""].append(one)
            continue
        fields = ("region", "country") if "region" in told else ("sector",)
        place = told.get("region") or told["sector"]
        for company, is_ in described.items():
            names = {is_[field].lower() for field in fields if field in is_}
            if place.lower() in names and is_["since"] < begins:
                found[experiment, company].append({**one, "cluster": place})
    return found


def _end_of(day: str | None, zone: str) -> int:
    if day is None:
        return EVER[1]
    after = datetime.combine(date.fromisoformat(day) + timedelta(days=1), time.min, ZoneInfo(zone))
    return int(after.timestamp() * 1000) - 1


def _bought(
    lines: list[Line], kinds: Kinds, zone: str, whose: Mapping[str, str], firms: Mapping[str, str],
    homes: Mapping[str, str],
) -> dict[str, list[Row]]:  # fmt: skip
    """By buyer: deals with when they were opened and won, and what they are worth."""
    found: dict[str, list[Row]] = defaultdict(list)
    for all_of_it in of_deals(lines, kinds, zone).values():
        mine = [line for line in all_of_it if line["kind"] in DEALING]
        ended = last(
            line["kind"] if line["kind"] in ("deal.won", "deal.lost", "deal.reopened") else None for line in mine
        )
        opened = [line for line in mine if line["kind"] == "deal.opened"] or mine
        wins = [instant(line, kinds, zone) for line in mine if line["kind"] == "deal.won"]
        priced = [line for line in mine if line["amount_minor"] is not None]
        deal = {
            "opened": min(instant(line, kinds, zone) for line in opened),
            "won": min(wins) if ended == "deal.won" else None,
            "minor": priced[-1]["amount_minor"] if priced else None,
            "currency": priced[-1]["currency"] if priced else None,
        }
        company = last(line["company"] for line in mine)
        people = {whose[line["identifier"]] for line in mine if line["identifier"] in whose}
        buyers = {firms[company]} & set(firms.values()) if company else {homes.get(one, one) for one in people}
        for buyer in buyers:
            found[buyer].append(deal)
    return found


def _orders(
    lines: list[Line], kinds: Kinds, zone: str, whose: Mapping[str, str], firms: Mapping[str, str],
    homes: Mapping[str, str],
) -> dict[str, list[int]]:  # fmt: skip
    found: dict[str, list[int]] = defaultdict(list)
    for line in lines:
        if line["kind"] == "order.placed":
            person = whose.get(line["identifier"] or "", "")
            buyer = firms.get(line["company"] or "") or homes.get(person, person)
            if buyer:
                found[buyer].append(instant(line, kinds, zone))
    return found


def limits(successes: int, of: int) -> tuple[float, float]:
    """Wilson's limits: the two shares p for which (share − p)² = z² p (1 − p) ÷ n. Found by halving."""
    share, square = successes / of, 1.959964**2

    def apart(p: float) -> float:
        return (share - p) ** 2 - square * p * (1 - p) / of

    def root(inner: float, outer: float) -> float:
        for _ in range(80):
            middle = (inner + outer) / 2
            inner, outer = (middle, outer) if apart(middle) < 0 else (inner, middle)
        return inner

    return root(share, 0.0), root(share, 1.0)


def difference(cells: list[tuple[float, int, int]]) -> tuple[float, float, float]:
    """Σ weight × share with limits by squaring and adding: (weight, successes, of)."""
    value = sum(weight * successes / of for weight, successes, of in cells)
    below = above = 0.0
    for weight, successes, of in cells:
        ends = [weight * end for end in limits(successes, of)]
        below += (weight * successes / of - min(ends)) ** 2
        above += (max(ends) - weight * successes / of) ** 2
    return value, value - sqrt(below), value + sqrt(above)


# Two-sided 95 per cent, by degrees of freedom, from any book of tables.
STUDENT = {2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 6: 2.447, 7: 2.365, 8: 2.306, 10: 2.228}


def of_regions(one: list[float], other: list[float]) -> tuple[float, float, float]:
    """The difference of the means of regions' shares, with Student's limits."""
    freedom = len(one) + len(other) - 2
    squares = sum((value - mean(one)) ** 2 for value in one) + sum((value - mean(other)) ** 2 for value in other)
    half = STUDENT[freedom] * sqrt(squares / freedom * (1 / len(one) + 1 / len(other)))
    return mean(one) - mean(other) - 0.0, mean(one) - mean(other) - half, mean(one) - mean(other) + half


def two_by_two(cells: Mapping[tuple[bool, bool], tuple[int, int]]) -> list[tuple[float, float, float]]:
    """What the first does, the second, both against neither, both beyond the sum: (first, second) → (successes, of)."""
    weights = [
        {(a, b): (0.5 if a else -0.5) for a, b in product((True, False), repeat=2)},
        {(a, b): (0.5 if b else -0.5) for a, b in product((True, False), repeat=2)},
        {(True, True): 1.0, (False, False): -1.0},
        {(a, b): (1.0 if a == b else -1.0) for a, b in product((True, False), repeat=2)},
    ]
    return [difference([(weight, *cells[cell]) for cell, weight in one.items()]) for one in weights]
