"""Prices with their dates, positions of deals, invoices and payments as lines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from twostroke.connectors.files.cells import UNKNOWN, Cells, RefusedError, Row
from twostroke.connectors.files.pointers import deletion, lost_deal, remark
from twostroke.connectors.files.vocabulary import squeezed
from twostroke.kit.time import DAY_MS, day_of_number
from twostroke.ledger.facts import Draft

Builder = Callable[[Row, str], list[Draft]]
_NOT_PAID = frozenset(
    {"failed", "canceled", "cancelled", "pending", "incomplete", "blocked", "declined", "uncaptured", "expired",
     "requirespaymentmethod", "requiresaction", "void", "voided", "fehlgeschlagen", "storniert"}
)  # fmt: skip
_VOID = frozenset({"void", "voided", "cancelled", "canceled", "storniert", "writtenoff"})


def prices(cells: Cells) -> Builder:
    """The price of a product from a day on: each row of a list is a price of its own, none replaces another."""
    product, name, code = cells.reference("product", "product"), cells.text("name"), cells.text("code")
    price, at, lists = cells.amount("price"), cells.when("at"), cells.text("list")
    family, sku, left = cells.text("family"), cells.text("product"), deletion(cells)
    column = cells.table.by_role("product")
    described = column is None or not column.to
    minter, source = cells.minter, cells.source

    def build(row: Row, key: str) -> list[Draft]:
        if lines := left(row, key):
            return lines
        called, money, when = name(row), price(row), at(row)
        subject = product(row) or (minter.record(source, "product", called) if called else None)
        if subject is None:
            raise RefusedError("no-product", "The row names no product.")
        if money is None:
            raise RefusedError("no-amount", "The row has no price.")
        told = {"list": lists(row)} if lists(row) else {}
        drafts = []
        if called and described:
            of = {"name": called, "series": family(row), "code": code(row) or sku(row)}
            drafts.append(Draft("product.described", "product", subject, properties={k: v for k, v in of.items() if v}))
        drafts.append(
            Draft("price.set", "product", subject, *when, amount_minor=money[0], currency=money[1], properties=told)
        )
        return drafts

    return build


def line_items(cells: Cells) -> Builder:
    """A position of a deal: which product it is about. The amount is the deal's own to say."""
    deal, product, name = cells.reference("deal", "deal"), cells.reference("product", "product"), cells.text("name")
    at, left, minter, source = cells.when("at"), deletion(cells), cells.minter, cells.source
    more = [(role, cells.text(role)) for role in ("quantity", "price", "amount") if cells.has(role)]
    rest, lost = cells.rest(), lost_deal(cells)

    def build(row: Row, key: str) -> list[Draft]:
        if lines := left(row, key):
            return lines
        of, called, when = deal(row), name(row), at(row)
        if of is None:
            raise RefusedError("no-deal", "The row names no deal.")
        if lost(row):
            return remark(of, when, {"position": called})
        item = product(row) or (minter.mint(f"name:{source}:product", called) if called else None)
        told = {"product": item} if item else {}
        personal = {**rest(row), **{role: cell for role, read in more if (cell := read(row))}}
        if called:
            personal["position"] = called
        return [Draft("deal.changed", "deal", of, *when, properties=told, personal=personal)]

    return build


def invoices(cells: Cells) -> Builder:
    """An invoice: to whom, for which order, how much, payable by when; cancelled where its status says so."""
    at, due, amount, tax = cells.when("at"), cells.instant("due_at"), cells.amount("amount"), cells.amount("tax")
    parties = _parties(cells)
    status, deleted, order, deal = cells.text("status"), cells.flag("deleted"), cells.text("order"), cells.text("deal")
    minter, source, number = cells.minter, cells.source, cells.text("key")
    bill = _bill(cells)

    def build(row: Row, key: str) -> list[Draft]:
        subject, when, money = minter.record(source, "invoice", key), at(row), amount(row) or (None, None)
        by, share = due(row), tax(row)
        told: dict[str, Any] = {
            "order": minter.record(source, "order", order(row)) if order(row) else None,
            "deal": minter.record(source, "deal", deal(row)) if deal(row) else None,
            "due": day_of_number(by[0] // DAY_MS).isoformat() if by else None,
            "tax_minor": share[0] if share else None,
        }
        who = parties(row)
        drafts = [
            Draft("invoice.issued", "invoice", subject, *when, *who, amount_minor=money[0], currency=money[1],
                  properties={k: v for k, v in told.items() if v is not None},
                  personal={"number": number(row) or key, **bill(row)})
        ]  # fmt: skip
        if deleted(row) or squeezed(status(row)) in _VOID:
            drafts.append(Draft("invoice.cancelled", "invoice", subject, *UNKNOWN, *who))
        return drafts

    return build


def payments(cells: Cells) -> Builder:
    """Money that came in: for which invoice, from whom, how. What was tried and failed brought none."""
    at, amount, method = cells.when("at"), cells.amount("amount"), cells.text("method")
    invoice, order, parties = cells.text("invoice"), cells.text("order"), _parties(cells)
    state = cells.text("status")
    left, minter, source, bill = deletion(cells), cells.minter, cells.source, _bill(cells)

    def build(row: Row, key: str) -> list[Draft]:
        if lines := left(row, key):
            return lines
        if squeezed(state(row)) in _NOT_PAID:
            raise RefusedError("not-paid", f"No money came in: the payment is “{state(row)[:40]}”.")
        money = amount(row)
        if money is None:
            raise RefusedError("no-amount", "The row has no amount.")
        told = {
            "method": method(row),
            "invoice": minter.record(source, "invoice", invoice(row)) if invoice(row) else "",
            "order": minter.record(source, "order", order(row)) if order(row) else "",
        }
        return [
            Draft("payment.received", "payment", minter.record(source, "payment", key), *(at(row)),
                  *parties(row), amount_minor=money[0], currency=money[1],
                  properties={k: v for k, v in told.items() if v}, personal=bill(row))
        ]  # fmt: skip

    return build


def _parties(cells: Cells) -> Callable[[Row], tuple[str | None, str | None, str | None]]:
    person, company = cells.reference("person", "person"), cells.reference("company", "company")
    return lambda row: (person(row), company(row), None)


def _bill(cells: Cells) -> Callable[[Row], dict[str, Any]]:
    name, rest = cells.text("name"), cells.rest()
    return lambda row: {**({"name": name(row)} if name(row) else {}), **rest(row)}
