"""Deals, products and stage histories as lines."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple

from twostroke.connectors.files.cells import Cells, RefusedError, Row
from twostroke.connectors.files.custom import NAME as CUSTOM
from twostroke.connectors.files.custom import custom_of
from twostroke.connectors.files.dates import Instant
from twostroke.connectors.files.parties import named_parties
from twostroke.connectors.files.pointers import (
    deletion,
    further,
    gone_away,
    lost_deal,
    merged_deals,
    remark,
    stage_words,
)
from twostroke.connectors.files.vocabulary import outcome_of, squeezed, words_of
from twostroke.kit.time import DAY_MS, day_of_number
from twostroke.ledger.facts import Draft, Precision

NO_DATE = "deals without any date"
ENDS_FIRST = "deals that end before they begin"
MERGED = "merged into another deal: the other one counts"

Builder = Callable[[Row, str], list[Draft]]
When = tuple[int | None, Precision]
UNKNOWN: When = (None, Precision.UNKNOWN)


def products(cells: Cells) -> Builder:
    """A product: what it is, and its price where the file names one."""
    name, series, price, active = cells.text("name"), cells.text("family"), cells.amount("price"), cells.flag("active")
    code, number, left = cells.text("code"), cells.text("key"), deletion(cells)
    rest, minter, source = cells.rest(), cells.minter, cells.source

    def build(row: Row, key: str) -> list[Draft]:
        if lines := left(row, key):
            return lines
        subject = minter.record(source, "product", key)
        told = _told(name=name(row) or key, series=series(row), code=code(row) or number(row), active=active(row))
        drafts = [Draft("product.described", "product", subject, properties=told, personal=rest(row))]
        money = price(row)
        if money is not None:
            drafts.append(Draft("price.set", "product", subject, amount_minor=money[0], currency=money[1]))
        return drafts

    return build


class Times(NamedTuple):
    """When a deal opened, ended, is expected to end, and reached its stage."""

    opened: When
    ended: When
    expected: Instant | None
    staged: When | None


# Person, company and colleague of a line.
People = tuple[str | None, str | None, str | None]


def deals(cells: Cells) -> Builder:
    """A deal: opened, owned, moved to its open stage or won or lost, each at the time the file gives."""
    times, people_of, outcome, stage = _times(cells), _people(cells), _outcome(cells), cells.text("stage")
    amount, product, describe = cells.amount("amount"), cells.reference("product", "product"), _descriptions(cells)
    channel, found_by = cells.channel("source")
    latest, parties = _latest(cells), named_parties(cells)
    begins, _ = _beginning(cells)
    left, removed, others = deletion(cells), merged_deals(cells), further(cells, "person", "person")
    cells.text("merged_ids")
    custom = custom_of(cells)
    rest, minter, source, tally = cells.rest(), cells.minter, cells.source, cells.tally

    def build(row: Row, key: str) -> list[Draft]:
        if lines := left(row, key):
            return lines
        if key in removed:
            return gone_away(cells, "deal", key, MERGED)
        if others(row):
            tally.add("deals with several contacts; the first is the deal's person", key)
        subject, people = minter.record(source, "deal", key), people_of(row)
        name, money, when, item = stage(row), amount(row), times(row, key), product(row)
        verdict = outcome(row, name)
        told, personal = describe(row)
        typed, untyped = custom(row)
        if typed:
            told[CUSTOM] = typed
        personal.update({**rest(row), **untyped})
        cash: tuple[int | None, str | None] = (None, None)
        due = when.expected
        if verdict == "open":
            # What an open deal may bring is said at its opening; what a closed one brought only at its end.
            cash, due = money or cash, due or (when.ended if when.ended[0] is not None else None)  # type: ignore[assignment]
            if name == begins:
                told["stage"] = name
        told |= _told(product=item, found_by=found_by(row), expected_close=_day(due))
        start, precision = when.opened
        drafts = [
            Draft("deal.opened", "deal", subject, start, precision, *people, channel(row), None, None, *cash, told,
                  personal)
        ]  # fmt: skip
        if people[2] is not None:
            drafts.append(Draft("owner.assigned", "deal", subject, start, precision, *people))
        last = latest(row, verdict, Ending(subject, people, money, name, item), when)
        if last is not None:
            drafts.append(last)
        return parties(row, drafts)

    return build


def _times(cells: Cells) -> Callable[[Row, str], Times]:
    """Reads the times of a deal; counts those that have none, or end before they begin."""
    opened, closed, staged, expected = (cells.instant(f"{n}_at") for n in ("opened", "closed", "stage", "expected"))
    lost, tally = cells.instant("lost_at"), cells.tally

    def times(row: Row, key: str) -> Times:
        start, end = opened(row), closed(row) or lost(row)
        if end is None:
            if start is None:
                tally.add(NO_DATE, key)
        elif start is not None and end[0] // DAY_MS < start[0] // DAY_MS:
            tally.add(ENDS_FIRST, key)
        return Times(start or UNKNOWN, end or UNKNOWN, expected(row), staged(row))

    return times


def _people(cells: Cells) -> Callable[[Row], People]:
    person, company = cells.reference("person", "person"), cells.reference("company", "company")
    owner = cells.reference("owner", "colleague")
    return lambda row: (person(row), company(row), owner(row))


class Ending(NamedTuple):
    """What the last line of a deal says."""

    subject: str
    people: People
    money: tuple[int, str] | None
    stage: str
    product: str | None = None


def _latest(cells: Cells) -> Callable[[Row, str, Ending, Times], Draft | None]:
    """The line of where a deal stands: won, lost, or moved to an open stage beyond its first."""
    lost_reason, won_reason = cells.text("lost_reason"), cells.text("won_reason")
    begins, at_opening = _beginning(cells)

    def latest(row: Row, verdict: str, ending: Ending, when: Times) -> Draft | None:
        stage = ending.stage
        if verdict != "open":
            reason = lost_reason(row) if verdict == "lost" else won_reason(row)
            return _ended(verdict, ending, when.ended, reason)
        if not stage or stage == begins:
            return None
        moved, precision = when.staged or (when.opened if stage == at_opening else UNKNOWN)
        told = {"stage": stage}
        return Draft("deal.moved", "deal", ending.subject, moved, precision, *ending.people, properties=told)

    return latest


def _ended(verdict: str, ending: Ending, when: When, reason: str = "") -> Draft:
    amount, currency = ending.money or (None, None)
    # A reason is a short word of a list; a sentence is somebody's own words, and personal.
    listed = len(reason) <= 60
    told = _told(stage=ending.stage, product=ending.product, reason=reason if listed else "")
    return Draft(
        "deal.won" if verdict == "won" else "deal.lost", "deal", ending.subject, *when, *ending.people,
        amount_minor=amount, currency=currency, properties=told,
        personal={} if listed else {"words": reason},
    )  # fmt: skip


def _outcome(cells: Cells) -> Callable[[Row, str], str]:
    """``open``, ``won`` or ``lost``: by the flags of the source, or its words for the outcome, else by its stage."""
    is_won, is_closed, said = cells.flag("is_won"), cells.flag("is_closed"), cells.text("outcome")
    stages = dict(cells.table.stages)
    # Some tools only archive what is lost: no stage says so, and nothing but the reason tells.
    told_by_reason = "won" in stages.values() and "lost" not in stages.values() and not cells.has("outcome")
    reason = cells.text("lost_reason") if told_by_reason else (lambda row: "")

    def outcome(row: Row, stage: str) -> str:
        if is_won(row):
            return "won"
        if told := said(row):
            return outcome_of(told)
        found = stages.get(stage)
        if found is None:
            found = stages[stage] = outcome_of(stage)
        return "lost" if found == "open" and (is_closed(row) or reason(row)) else found

    return outcome


def _beginning(cells: Cells) -> tuple[str, str]:
    """The stage a deal opens in, and the one that the opening date is the date of (“engaging” by an engage date)."""
    still_open = [stage for stage, outcome in cells.table.stages.items() if outcome == "open"]
    column = cells.table.by_role("opened_at")
    heads = [word[:5] for word in words_of(column.header)] if column else []
    dated = next((s for s in still_open if any(len(h) >= 4 and squeezed(s).startswith(h) for h in heads)), "")
    return (still_open[0] if still_open else ""), dated


def _descriptions(cells: Cells) -> Callable[[Row], tuple[dict[str, Any], dict[str, Any]]]:
    """Readers of what else a deal says: properties, and its personal name."""
    pipeline, kind, name = cells.text("pipeline"), cells.text("type"), cells.text("name")
    description, chance = cells.text("description"), cells.number("probability")

    def describe(row: Row) -> tuple[dict[str, Any], dict[str, Any]]:
        told = _told(pipeline=pipeline(row), type=kind(row), probability=_share(chance(row)))
        return told, _told(name=name(row), description=description(row))

    return describe


def _share(number: str) -> str:
    """A chance as 0 to 1: sources write 60 or 0.6."""
    if not number or ("." in number and float(number) <= 1):
        return number
    value = Decimal(number)
    return number if value <= 1 else format((value / 100).normalize(), "f") if value <= 100 else ""


def _day(instant: Instant | None) -> str:
    return "" if instant is None else day_of_number(instant[0] // DAY_MS).isoformat()


def _told(**values: Any) -> dict[str, Any]:
    """What was said, without what was not."""
    return {name: value for name, value in values.items() if value is not None and value != ""}


def stage_history(cells: Cells) -> Builder:
    """A change of stage of a deal at its time."""
    deal, stage, at = cells.reference("deal", "deal"), cells.text("stage"), cells.when("at")
    amount, changed, field = cells.amount("amount"), cells.reference("owner", "colleague"), cells.text("field")
    words, lost = stage_words(cells), lost_deal(cells)
    left, rest = deletion(cells), cells.rest()

    def build(row: Row, key: str) -> list[Draft]:
        if lines := left(row, key):
            return lines
        subject, name, when = deal(row), stage(row), at(row)
        if subject is None:
            raise RefusedError("no-deal", "The row names no deal.")
        if field(row) and "stage" not in squeezed(field(row)):
            raise RefusedError("not-a-stage", f"The row is a change of “{field(row)[:40]}”, not of the stage.")
        if lost(row):
            return remark(subject, when, {"stage": name})
        name, verdict = words(name)
        people: People = (None, None, changed(row))
        if verdict != "open":
            return [_ended(verdict, Ending(subject, people, amount(row), name), when)]
        told = _told(stage=name)
        return [Draft("deal.moved", "deal", subject, *when, *people, properties=told, personal=rest(row))]

    return build
