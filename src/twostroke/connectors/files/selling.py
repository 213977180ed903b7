"""Deals, products, stage histories and orders as lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from twostroke.connectors.files.cells import Cells, Refused, Row
from twostroke.connectors.files.dates import Instant
from twostroke.connectors.files.parties import named_parties
from twostroke.connectors.files.vocabulary import outcome_of, squeezed, words_of
from twostroke.kit.time import day_of_number
from twostroke.ledger.facts import Draft, Precision

NO_DATE = "deals without any date"
ENDS_FIRST = "deals that end before they begin"

Builder = Callable[[Row, str], list[Draft]]
_UNKNOWN: tuple[None, Precision] = (None, Precision.UNKNOWN)


def products(cells: Cells) -> Builder:
    """A product: what it is, and its price where the file names one."""
    name, series, price, active = cells.text("name"), cells.text("family"), cells.amount("price"), cells.flag("active")
    code = cells.text("key")
    rest, minter, source = cells.rest(), cells.minter, cells.source

    def build(row: Row, key: str) -> list[Draft]:
        subject = minter.record(source, "product", key)
        told = _told(name=name(row) or key, series=series(row), code=code(row), active=active(row))
        drafts = [Draft("product.described", "product", subject, properties=told, personal=rest(row))]
        money = price(row)
        if money is not None:
            drafts.append(Draft("price.set", "product", subject, amount_minor=money[0], currency=money[1]))
        return drafts

    return build


def deals(cells: Cells) -> Builder:
    """A deal: opened, owned, moved to its open stage or won or lost, each at the time the file gives."""
    outcome, stage = _outcome(cells), cells.text("stage")
    opened, closed, staged, expected = (cells.instant(f"{n}_at") for n in ("opened", "closed", "stage", "expected"))
    amount, product, person = cells.amount("amount"), cells.reference("product", "product"), cells.reference("person", "person")
    company, owner = cells.reference("company", "company"), cells.reference("owner", "colleague")
    describe = _descriptions(cells)
    channel, found_by = cells.channel("source")
    lost_reason, won_reason = cells.text("lost_reason"), cells.text("won_reason")
    parties = named_parties(cells)
    begins, at_opening = _beginning(cells)
    deleted, rest = cells.flag("deleted"), cells.rest()
    minter, source, tally = cells.minter, cells.source, cells.tally

    def build(row: Row, key: str) -> list[Draft]:
        if deleted(row):
            raise Refused("deleted", "The source says that this record was deleted.")
        subject = minter.record(source, "deal", key)
        with_, who, seller = company(row), person(row), owner(row)
        name, money, end = stage(row), amount(row), closed(row)
        verdict = outcome(row, name)
        start = opened(row) or _UNKNOWN
        if end is None:
            if start[0] is None:
                tally.add(NO_DATE, key)
        elif start[0] is not None and end[0] // 86_400_000 < start[0] // 86_400_000:
            tally.add(ENDS_FIRST, key)
        told, personal = describe(row)
        personal.update(rest(row))
        item = product(row)
        if item is not None:
            told["product"] = item
        if found := found_by(row):
            told["found_by"] = found
        is_open = verdict == "open"
        due = expected(row) or (end if is_open else None)
        if due is not None:
            told["expected_close"] = _day(due)
        if is_open and name and name == begins:
            told["stage"] = name
        cash = money if is_open and money is not None else (None, None)
        shared = {"identifier": who, "company": with_, "actor": seller}
        drafts = [
            Draft("deal.opened", "deal", subject, start[0], start[1], who, with_, seller, channel(row), None, None,
                  cash[0], cash[1], told, personal)
        ]  # fmt: skip
        if seller is not None:
            drafts.append(Draft("owner.assigned", "deal", subject, start[0], start[1], who, with_, seller))
        if is_open:
            if name and name != begins:
                when = staged(row) or (start if name == at_opening else _UNKNOWN)
                drafts.append(Draft("deal.moved", "deal", subject, when[0], when[1], **shared, properties={"stage": name}))
        else:
            drafts.append(_ended(verdict, subject, end or _UNKNOWN, shared, money, name, item, lost_reason(row) if verdict == "lost" else won_reason(row)))
        return parties(row, drafts)

    return build


def _ended(
    verdict: str,
    subject: str,
    when: tuple[int | None, Precision],
    shared: Mapping[str, Any],
    money: tuple[int, str] | None,
    stage: str,
    product: str | None,
    reason: str,
) -> Draft:
    told = _told(stage=stage, product=product)
    amount, currency = money if money is not None else (None, None)
    # A reason is a short word of a list; a sentence is somebody's own words, and personal.
    listed = 0 < len(reason) <= 60
    if listed:
        told["reason"] = reason
    personal = {"words": reason} if reason and not listed else {}
    kind = "deal.won" if verdict == "won" else "deal.lost"
    return Draft(
        kind, "deal", subject, when[0], when[1], amount_minor=amount, currency=currency, properties=told,
        personal=personal, **shared,
    )  # fmt: skip


def _outcome(cells: Cells) -> Callable[[Row, str], str]:
    """``open``, ``won`` or ``lost``: by the flags of the source, else by its stage."""
    is_won, is_closed = cells.flag("is_won"), cells.flag("is_closed")
    stages = dict(cells.table.stages)

    def outcome(row: Row, stage: str) -> str:
        if is_won(row):
            return "won"
        found = stages.get(stage)
        if found is None:
            found = stages[stage] = outcome_of(stage)
        return "lost" if found == "open" and is_closed(row) else found

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
    if not number or "." in number and float(number) <= 1:
        return number
    from decimal import Decimal

    value = Decimal(number)
    return number if value <= 1 else format((value / 100).normalize(), "f") if value <= 100 else ""


def _day(instant: Instant | tuple[int | None, Precision]) -> str:
    return day_of_number((instant[0] or 0) // 86_400_000).isoformat()


def _told(**values: Any) -> dict[str, Any]:
    """What was said, without what was not."""
    return {name: value for name, value in values.items() if value is not None and value != ""}


def stage_history(cells: Cells) -> Builder:
    """A change of stage of a deal at its time."""
    deal, stage, at = cells.reference("deal", "deal"), cells.text("stage"), cells.instant("at")
    amount, changed, field = cells.amount("amount"), cells.reference("owner", "colleague"), cells.text("field")
    stages = {s: o for table in cells.mapping.of_record("deal") for s, o in table.stages.items()}
    rest = cells.rest()

    def build(row: Row, key: str) -> list[Draft]:
        subject, name, when = deal(row), stage(row), at(row) or _UNKNOWN
        if subject is None:
            raise Refused("no-deal", "The row names no deal.")
        if field(row) and "stage" not in squeezed(field(row)):
            raise Refused("not-a-stage", f"The row is a change of “{field(row)[:40]}”, not of the stage.")
        verdict = stages.get(name) or outcome_of(name)
        shared = {"identifier": None, "company": None, "actor": changed(row)}
        if verdict != "open":
            return [_ended(verdict, subject, when, shared, amount(row), name, None, "")]
        told = {"stage": name} if name else {}
        return [Draft("deal.moved", "deal", subject, when[0], when[1], actor=shared["actor"], properties=told, personal=rest(row))]

    return build


def orders(cells: Cells) -> Builder:
    """An order: who, when, how much; cancelled where its status says so."""
    at, amount, status = cells.instant("at"), cells.amount("amount"), cells.text("status")
    person, company = cells.reference("person", "person"), cells.reference("company", "company")
    product, quantity = cells.reference("product", "product"), cells.number("quantity")
    owner = cells.reference("owner", "colleague")
    channel, _ = cells.channel("source")
    rest, minter, source = cells.rest(), cells.minter, cells.source

    def build(row: Row, key: str) -> list[Draft]:
        subject, when = minter.record(source, "order", key), at(row) or _UNKNOWN
        money, item = amount(row) or (None, None), product(row)
        lines = [_told(product=item, quantity=quantity(row))] if item or quantity(row) else None
        state = status(row)
        personal = {**rest(row), **_told(status=state)}
        drafts = [
            Draft(
                "order.placed", "order", subject, when[0], when[1], person(row), company(row), owner(row), channel(row),
                amount_minor=money[0], currency=money[1], properties=_told(lines=lines), personal=personal,
            )
        ]  # fmt: skip
        if squeezed(state) in ("cancelled", "canceled", "storniert", "voided"):
            drafts.append(Draft("order.cancelled", "order", subject, identifier=drafts[0].identifier))
        return drafts

    return build
