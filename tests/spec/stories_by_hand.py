"""The numbers of the stories again, slowly and plainly, from the words of their definitions. No code of ours.

Lines, kinds and helpers are those of ``numbers_by_hand``; ``whose`` gives the person (or colleague, or company) of each
identifier; others are nobody.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.spec.numbers_by_hand import Kinds, Line, in_order, instant, lines_in_force, money, said
from tests.spec.verdicts_by_hand import without_machines

Row = dict[str, int]
DEALING = {"deal.opened", "deal.moved", "deal.changed", "deal.won", "deal.lost", "deal.reopened"}
STAGING = {"deal.opened", "deal.moved", "deal.changed", "deal.reopened"}
WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
TOUCHES = {"ad.clicked", "mail.clicked", "card.taken", "event.attended"}


def local(at: int, zone: str) -> datetime:
    """An instant in ms by the clock of a zone."""
    return datetime.fromtimestamp(at / 1000, ZoneInfo(zone))


def last(values: Iterable[Any]) -> Any:
    """The last value that is said; None where none is."""
    return next(reversed([value for value in values if value is not None]), None)


def of_deals(lines: Iterable[Line], kinds: Kinds, zone: str) -> dict[str, list[Line]]:
    """The lines in force of each deal, in their order; deals of which only an owner is said left out."""
    found: dict[str, list[Line]] = defaultdict(list)
    for line in in_order(lines_in_force(lines), kinds, zone):
        if line["subject_kind"] == "deal" and line["kind"] in DEALING | {"owner.assigned"}:
            found[line["subject"]].append(line)
    return {deal: mine for deal, mine in found.items() if any(line["kind"] in DEALING for line in mine)}


def conversion(
    lines: Iterable[Line], kinds: Kinds, zone: str, firms: Mapping[str, str]
) -> dict[tuple[Any, ...], Counter[str]]:
    """(stage, sector, month, reason, owner) → count, went_on, lost, here, won."""
    lines = list(lines)
    sectors: dict[str, str] = {}
    for line in in_order(lines_in_force(lines), kinds, zone):
        if line["kind"] == "company.described" and "sector" in said(line) and line["company"] in firms:
            sectors[firms[line["company"]]] = said(line)["sector"]
    rows: dict[tuple[Any, ...], Counter[str]] = defaultdict(Counter)
    for mine in of_deals(lines, kinds, zone).values():
        staged = [(line, said(line)["stage"]) for line in mine if line["kind"] in STAGING and "stage" in said(line)]
        if not staged:
            continue
        ending = last(
            line["kind"] if line["kind"] in ("deal.won", "deal.lost", "deal.reopened") else None for line in mine
        )
        reason = last(said(line).get("reason") if line["kind"] == "deal.lost" else None for line in mine)
        firm = firms.get(last(line["company"] for line in mine) or "")
        for stage in dict.fromkeys(stage for _, stage in staged):
            first = next(line for line, named in staged if named == stage)
            at_it = stage == staged[-1][1]
            lost, here = at_it and ending == "deal.lost", at_it and ending in (None, "deal.reopened")
            month = f"{local(instant(first, kinds, zone), zone):%Y-%m}"
            owner = last(line["actor"] for line in mine)
            row = rows[stage, sectors.get(firm or ""), month, reason if lost else None, owner]
            row.update(count=1, lost=int(lost), here=int(here), went_on=int(not lost and not here))
            row.update(won=int(ending == "deal.won"))
    return dict(rows)


def waiting(
    lines: Iterable[Line], kinds: Kinds, zone: str, colleagues: Mapping[str, str]
) -> dict[tuple[Any, ...], Counter[str]]:
    """(weekday, team, month) → count, done, within_4h, within_24h, later, minutes."""
    lines = list(lines)
    teams: dict[str, str] = {}
    tasks: dict[str, list[Line]] = defaultdict(list)
    for line in in_order(lines_in_force(lines), kinds, zone):
        if line["kind"] == "colleague.described" and "team" in said(line) and line["subject"] in colleagues:
            teams[colleagues[line["subject"]]] = said(line)["team"]
        if line["kind"] in ("task.opened", "task.done"):
            tasks[line["subject"]].append(line)
    rows: dict[tuple[Any, ...], Counter[str]] = defaultdict(Counter)
    for mine in tasks.values():
        known = [line for line in mine if line["happened_at"] is not None]
        opened = [instant(line, kinds, zone) for line in known if line["kind"] == "task.opened"]
        done = [instant(line, kinds, zone) for line in known if line["kind"] == "task.done"]
        if not opened:
            continue
        day = local(min(opened), zone)
        owner = colleagues.get(last(line["actor"] for line in mine) or "")
        row = rows[WEEKDAYS[day.weekday()], teams.get(owner or ""), f"{day:%Y-%m}"]
        row["count"] += 1
        if done and min(done) >= min(opened):
            hours = (min(done) - min(opened)) / 3_600_000
            row.update(done=1, within_4h=int(hours <= 4), within_24h=int(4 < hours <= 24), later=int(hours > 24))
            row["minutes"] += (min(done) - min(opened)) // 60_000
    return dict(rows)


def orders(lines: Iterable[Line], kinds: Kinds, zone: str, reporting: str) -> dict[tuple[Any, ...], dict[str, Any]]:
    """(currency, week) → count, value, without_value."""
    by_order: dict[str, list[Line]] = defaultdict(list)
    for line in in_order(lines_in_force(lines), kinds, zone):
        if line["subject_kind"] == "order" and line["kind"] in ("order.placed", "order.changed", "order.cancelled"):
            by_order[line["subject"]].append(line)
    rows: dict[tuple[Any, ...], list[int | None]] = defaultdict(list)
    for mine in by_order.values():
        placed = [line for line in mine if line["kind"] == "order.placed"]
        if not placed or mine[-1]["kind"] == "order.cancelled":
            continue
        week = None
        if placed[0]["happened_at"] is not None:
            year, number, _ = local(instant(placed[0], kinds, zone), zone).isocalendar()
            week = f"{year}-W{number:02d}"
        priced = [line for line in mine if line["amount_minor"] is not None]
        currency = priced[-1]["currency"] if priced else reporting
        rows[currency, week].append(priced[-1]["amount_minor"] if priced else None)
    return {
        key: {
            "count": len(amounts),
            "value": money(sum(amount or 0 for amount in amounts), key[0]),
            "without_value": sum(amount is None for amount in amounts),
        }
        for key, amounts in rows.items()
    }


def staff(lines: Iterable[Line], whose: Mapping[str, str], firms: Mapping[str, str]) -> dict[str, set[str]]:
    """The persons that descriptions in force name with each company."""
    found: dict[str, set[str]] = defaultdict(set)
    for line in lines_in_force(lines):
        if line["kind"] == "person.described" and line["identifier"] in whose and line["company"] in firms:
            found[firms[line["company"]]].add(whose[line["identifier"]])
    return found


def last_touch(
    lines: Iterable[Line], kinds: Kinds, zone: str, whose: Mapping[str, str], firms: Mapping[str, str]
) -> dict[tuple[Any, ...], dict[str, Any]]:
    """(touch, currency, campaign) → count and value of won deals; each names its amount. Machines touch nobody."""
    lines = list(lines)
    ours, touched = staff(lines, whose, firms), defaultdict(list)
    for line in in_order(without_machines(lines_in_force(lines)), kinds, zone):
        if line["kind"] in TOUCHES and line["identifier"] in whose and line["happened_at"] is not None:
            touched[whose[line["identifier"]]].append(line)
    rows: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for all_of_it in of_deals(lines, kinds, zone).values():
        mine = [line for line in all_of_it if line["kind"] in DEALING]
        if (
            last(line["kind"] if line["kind"] in ("deal.won", "deal.lost", "deal.reopened") else None for line in mine)
            != "deal.won"
        ):
            continue
        opened = [line for line in mine if line["kind"] == "deal.opened"] or mine
        begins = min(instant(line, kinds, zone) for line in opened)
        buyers = {whose[line["identifier"]] for line in mine if line["identifier"] in whose}
        buyers |= ours.get(firms.get(last(line["company"] for line in mine) or "", ""), set())
        before = [line for one in buyers for line in touched[one] if instant(line, kinds, zone) < begins]
        touch = in_order(before, kinds, zone)[-1] if before else None
        priced = [line for line in mine if line["amount_minor"] is not None]
        key = (
            (touch["kind"], priced[-1]["currency"], touch["campaign"])
            if touch
            else (None, priced[-1]["currency"], None)
        )
        rows[key].append(priced[-1]["amount_minor"])
    return {key: {"count": len(a), "value": money(sum(a), key[1])} for key, a in rows.items()}


def events(
    lines: Iterable[Line], kinds: Kinds, zone: str, whose: Mapping[str, str], firms: Mapping[str, str]
) -> dict[Any, Counter[str]]:
    """event → count, bought, within_90d, within_180d, later, days."""
    lines = list(lines)
    ours, came, wins = staff(lines, whose, firms), {}, defaultdict(list)
    for line in lines_in_force(lines):
        at = instant(line, kinds, zone)
        if line["happened_at"] is None:
            continue
        if line["kind"] in ("card.taken", "event.attended") and line["identifier"] in whose:
            key = (whose[line["identifier"]], said(line).get("event", "").lower() or None)
            came[key] = min(at, came.get(key, at))
        if line["kind"] == "deal.won":
            for one in {whose.get(line["identifier"] or "")} | ours.get(firms.get(line["company"] or "", ""), set()):
                wins[one].append(at)
    rows: dict[Any, Counter[str]] = defaultdict(Counter)
    for (person, event), at in came.items():
        took = [win - at for win in wins[person] if win > at]
        rows[event]["count"] += 1
        if took:
            days = min(took) / 86_400_000
            rows[event].update(
                bought=1, within_90d=int(days <= 90), within_180d=int(90 < days <= 180), later=int(days > 180)
            )
            rows[event]["days"] += int(days)
    return dict(rows)
