"""``segment/product.jsonl``: the shop's own messages (Segment Spec, E-commerce events v2)."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from worlds.arrays import Ints
from worlds.book import Book
from worlds.outputs.pieces import Pieces
from worlds.outputs.segment import Stream, quoted
from worlds.profiles.shape import Price
from worlds.truth.record import Record
from worlds.world import World


class Product:
    """Writes orders: signed in, put into the cart, ordered."""

    def __init__(self, world: World, root: Path, record: Record, pieces: Pieces) -> None:
        self._world, self._record, self._pieces = world, record, pieces
        self._stream = Stream(world, root, "product", record)
        goods = [price for price in world.profile.prices if price.kind in ("beans", "part")]
        self._goods = goods or world.profile.prices or [Price("Goods", "GOODS", 10.0)]

    def write(self, book: Book, orders: dict[str, Ints], numbers: list[str]) -> None:
        """Write this week's orders; ``numbers`` are their order numbers."""
        if not orders:
            self._stream.write(book.week, np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), [], [], [])
            return
        count = len(numbers)
        person = np.tile(orders["person"], 3)
        at = np.r_[orders["at"] - 240_000, orders["at"] - 90_000, orders["at"]]
        self._pieces.identified(orders["person"], orders["at"] - 240_000)
        keys = self._stream.ids(book.week, 3 * count)
        heads = []
        for step, event in enumerate(("Signed In", "Product Added", "Order Completed")):
            for index in range(count):
                who = int(orders["person"][index])
                heads.append(
                    self._head(keys[step * count + index], who, event, int(orders["amount"][index]), numbers[index])
                )
        names = ("action.taken", "product.added", "order.placed")
        for step, kind in enumerate(names):
            part = slice(step * count, step * count + count)
            self._record.clean(
                self._stream.name,
                kind,
                at[part],
                person[part],
                self._world.people.company[person[part]],
                keys[part],
                channel=["shop"] * count,
                amount=orders["amount"] if step == 2 else None,
            )
        self._stream.write(book.week, at, person, keys, heads, [None] * (3 * count))

    def _head(self, key: str, who: int, event: str, minor: int, number: str) -> str:
        currency = self._world.profile.firm.currency
        good = self._goods[minor % len(self._goods)]
        item = {"product_id": good.sku, "sku": good.sku, "name": good.product, "price": good.price, "quantity": 1}
        if event == "Order Completed":
            quantity = max(1, round(minor / 100 / good.price))
            properties = {
                "order_id": number,
                "total": minor / 100,
                "revenue": minor / 100,
                "currency": currency,
                "products": [{**item, "quantity": quantity}],
            }
        elif event == "Product Added":
            properties = {**item, "cart_id": f"c-{number}", "currency": currency}
        else:
            properties = {"username": self._world.people.email[who]}
        return (
            f'{{"type":"track","messageId":"{key}",{self._pieces.named[who]},"event":"{event}","properties":{quoted(properties)},'
            f'"context":{{{self._pieces.context[who]}}}'
        )

    def close(self) -> None:
        """Write what is still on its way."""
        self._stream.close()
