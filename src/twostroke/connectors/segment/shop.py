"""The e-commerce specification: products, carts, the till, orders, with their money in minor units."""

from __future__ import annotations

from typing import Any

from twostroke.connectors.segment.acts import Said
from twostroke.connectors.segment.event import Event, legal
from twostroke.connectors.segment.facts import NO_AMOUNT, NO_ID, RefusedError
from twostroke.connectors.segment.values import Fields, as_decimal, currency_of, minor, plain
from twostroke.kit.money import to_minor
from twostroke.ledger.facts import Draft, Kind, Trust

_MOST_LINES = 500


def looking(event: Event, kind: Kind, said: Said) -> None:
    """A product that was looked at, chosen, shared, wished for or reviewed."""
    _product(event, kind, said)
    name = event.event_name
    if kind.name == "product.listed":
        said.told["filtered"] = "filter" in name
    if kind.name == "product.searched" and (found := event.fields.first("products")):
        said.told["results"] = len(found) if isinstance(found, list) else 0
    if kind.name == "wishlist.changed":
        said.told["change"] = "removed" if "remove" in name else "added"


def _product(event: Event, kind: Kind, said: Said) -> None:
    if "product" in kind.properties and (key := legal(event.fields.first("product_id", "sku"))):
        said.told["product"] = event.record("product", key)


def cart(event: Event, kind: Kind, said: Said) -> None:
    """The cart, what went in or out of it, and what that is worth."""
    fields = event.fields
    if key := legal(fields.first("cart_id")):
        said.subject = ("cart", event.record("cart", key))
    if kind.name == "coupon.entered":
        said.told["outcome"] = next((o for o in ("applied", "denied", "removed") if o in event.event_name), "entered")
    if kind.name != "cart.changed":
        return
    _product(event, kind, said)
    said.told["change"] = "removed" if "remove" in event.event_name else "added"
    quantity = as_decimal(fields.first("quantity"))
    price = as_decimal(fields.first("price"))
    if quantity is not None:
        said.told["quantity"] = plain(quantity)
    if price is not None:
        _money(event, said, price * (1 if quantity is None else quantity))


def checkout(event: Event, kind: Kind, said: Said) -> None:
    """The till. A checkout goes by its own id, else by the order it is to become."""
    key = legal(event.fields.first("checkout_id")) or legal(event.fields.first("order_id"))
    if key:
        said.subject = ("checkout", event.record("checkout", key))
    if kind.name == "checkout.started":
        _money(event, said, event.fields.first("total", "revenue", "value"))
    else:
        said.told["finished"] = "view" not in event.event_name


def _money(event: Event, said: Said, value: Any) -> None:
    """The amount. Under a public key a cart's worth is only words: no money is taken from there."""
    if value is None:
        return
    currency = currency_of(event.fields.text("currency"), event.sender.currency)
    amount = minor(str(value) if not isinstance(value, int | float | str) else value, currency) if currency else None
    if amount is None:
        raise RefusedError(NO_AMOUNT, "An amount or its currency cannot be read: send 24.90 and EUR.")
    of_order = said.subject is not None and said.subject[0] == "order"
    if event.sender.trust is Trust.CLAIMED and not of_order:
        said.personal["said_to_be_worth"] = f"{value} {currency}"
    else:
        said.money = amount, currency


def order(event: Event, kind: Kind, said: Said) -> None:
    """An order with its amount: ``total``, else ``revenue``, else ``value``, as sources fill them."""
    fields = event.fields
    key = legal(fields.first("order_id", "checkout_id"))
    if not key:
        raise RefusedError(NO_ID, "The order has no order_id: it could not be told from the next one.")
    said.subject = ("order", event.record("order", key))
    if kind.money:
        value = fields.first("total")
        for name in ("revenue", "value"):
            other = fields.first(name)
            value = other if value is None else value
        _money(event, said, value)
    if kind.name == "order.refunded" and said.money is not None:
        said.money = abs(said.money[0]), said.money[1]
    if kind.name == "order.placed":
        _parts(event, said)
    if kind.name in ("order.placed", "order.changed"):
        _lines(event, said)


def _parts(event: Event, said: Said) -> None:
    currency = currency_of(event.fields.text("currency"), event.sender.currency)
    for name in ("tax", "shipping", "discount"):
        amount = minor(event.fields.first(name), currency) if currency else None
        if amount is not None:
            said.told[f"{name}_minor"] = amount


def _lines(event: Event, said: Said) -> None:
    """Its products; each that is named is described, so that an order can be read."""
    listed = event.fields.first("products")
    currency = currency_of(event.fields.text("currency"), event.sender.currency)
    lines: list[dict[str, Any]] = []
    described: dict[str, Draft] = {}
    for one in (listed if isinstance(listed, list) else [])[:_MOST_LINES]:
        fields = Fields(one)
        key = legal(fields.first("product_id", "sku"))
        if not key:
            continue
        product = event.record("product", key)
        quantity, price = as_decimal(fields.first("quantity")), as_decimal(fields.first("price"))
        told: dict[str, Any] = {"product": product}
        if quantity is not None:
            told["quantity"] = plain(quantity)
        if price is not None and currency:
            told["amount_minor"] = _worth(price * (1 if quantity is None else quantity), currency)
        lines.append(told)
        if name := fields.text("name"):
            described[product] = _description(event, product, name, fields)
    if lines:
        said.told["lines"] = lines
        said.more += described.values()


def _worth(value: Any, currency: str) -> int:
    try:
        return to_minor(value, currency)
    except ValueError:
        raise RefusedError(NO_AMOUNT, "A product of the order is worth more than money can be.") from None


def _description(event: Event, product: str, name: str, fields: Fields) -> Draft:
    told: dict[str, Any] = {"name": name}
    for field, text in (("code", fields.text("sku")), ("category", fields.text("category"))):
        if text:
            told[field] = text
    return Draft("product.described", "product", product, *event.when, properties=told)
