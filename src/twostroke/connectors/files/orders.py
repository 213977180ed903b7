"""Orders as lines. Shops and tills export a row a position: the positions of one order make up what it is worth."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from twostroke.connectors.files.cells import UNKNOWN, Cells, RefusedError, Row
from twostroke.connectors.files.numbers import currency_code
from twostroke.connectors.files.vocabulary import squeezed
from twostroke.kit.money import to_minor
from twostroke.ledger.facts import Draft

Builder = Callable[[Row, str], list[Draft]]
Money = tuple[int, str]
_MOST_ORDERS = 300_000
_CANCELLED = ("cancelled", "canceled", "storniert", "voided")


def key_of(cells: Cells) -> Callable[[Row], str]:
    """The number of an order; of a further position of it, with how many stand above it.

    Without a column of products a second row of one number is a newer word on the order, and takes its key.
    """
    number, seen = cells.key(), dict[str, int]()
    if not cells.has("product"):
        return number

    def key(row: Row) -> str:
        own = number(row)
        if not own:
            return own
        before = seen[own] = seen.get(own, 0) + 1
        return own if before == 1 else f"{own} · {before}"

    return key


def orders(cells: Cells) -> Builder:
    """An order: who, when, how much; cancelled where its status says so. A further position tells of the same order."""
    at, worth, status = cells.instant("at"), _worth(cells), cells.text("status")
    person, company = cells.reference("person", "person"), cells.reference("company", "company")
    product, quantity, price = cells.reference("product", "product"), cells.number("quantity"), cells.text("price")
    owner = cells.reference("owner", "colleague")
    channel, _ = cells.channel("source")
    number, rest, minter, source = cells.key(), cells.rest(), cells.minter, cells.source

    def build(row: Row, key: str) -> list[Draft]:
        own = number(row) or key
        subject, when = minter.record(source, "order", own), at(row) or UNKNOWN
        money, item = worth(row, own, key == own) or (None, None), product(row)
        line = {"product": item, "quantity": quantity(row)}
        lines = [{name: value for name, value in line.items() if value}] if any(line.values()) else None
        state = status(row)
        said = {"status": state, "price": price(row)}
        placed = Draft(
            "order.placed", "order", subject, when[0], when[1], person(row), company(row), owner(row), channel(row),
            amount_minor=money[0], currency=money[1], properties={"lines": lines} if lines else {},
            personal={**rest(row), **{name: cell for name, cell in said.items() if cell}},
        )  # fmt: skip
        if squeezed(state) in _CANCELLED:
            return [placed, Draft("order.cancelled", "order", subject, identifier=placed.identifier)]
        return [placed]

    return build


@dataclass(slots=True)
class _Sum:
    """What the rows of one order say it is worth: their sum, and whether all of them say the same."""

    rows: int
    first: int
    total: int
    currency: str
    alike: bool = True


def _worth(cells: Cells) -> Callable[[Row, str, bool], Money | None]:
    """What an order is worth, said by its first row: all its positions together, or what every row of it repeats."""
    amount = cells.amount("amount") if cells.has("amount") else _times(cells)
    sums: dict[str, _Sum] | None = None
    if not cells.has("product"):
        return lambda row, number, first: amount(row)

    def worth(row: Row, number: str, first: bool) -> Money | None:
        nonlocal sums
        own = amount(row)
        if sums is None:
            sums = _sums(cells, amount)
        if not first:
            return None
        found = sums.get(number)
        return own if found is None else (found.total, found.currency)

    return worth


def _times(cells: Cells) -> Callable[[Row], Money | None]:
    """Price times quantity, where no column names an amount."""
    price, quantity, named = cells.number("price"), cells.number("quantity"), cells.text("currency")
    if not (cells.has("price") and cells.has("quantity")):
        return lambda row: None

    def amount(row: Row) -> Money | None:
        one, many = price(row), quantity(row)
        code = currency_code(named(row)) or cells.currency()
        return (to_minor(Decimal(one) * Decimal(many), code), code) if one and many else None

    return amount


def _sums(cells: Cells, amount: Callable[[Row], Money | None]) -> dict[str, _Sum]:
    """What orders of several rows are worth, by their number, from a look at the whole table."""
    found: dict[str, _Sum] = {}
    for number, money in _said(cells, amount):
        seen = found.get(number)
        if seen is None:
            if len(found) >= _MOST_ORDERS:
                cells.tally.add(
                    "orders beyond those that can be added up; of each its first row's amount counts", number
                )
                continue
            found[number] = _Sum(1, money[0], money[0], money[1])
            continue
        seen.rows += 1
        seen.total += money[0]
        seen.alike = seen.alike and money[0] == seen.first
    several = {number: one for number, one in found.items() if one.rows > 1}
    if several and all(one.alike for one in several.values()):
        # Every row repeats the total of its order: three equal positions in each of many orders are not to be expected.
        for one in several.values():
            one.total = one.first
    return found


def _said(cells: Cells, amount: Callable[[Row], Money | None]) -> Iterator[tuple[str, Money]]:
    table = next((table for table in cells.tables if table.name == cells.table.name), None)
    number = cells.key()
    for row in table.rows() if table is not None else ():
        if len(row) == len(cells.header) and type(row) is list:
            try:
                own, money = number(row), amount(row)
            except RefusedError:
                continue
            if own and money is not None:
                yield own, money
