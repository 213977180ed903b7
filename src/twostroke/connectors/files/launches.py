"""Launches: what was launched when, so that numbers around that day can be read against it."""

from __future__ import annotations

from collections.abc import Callable

from twostroke.connectors.files.cells import Cells, RefusedError, Row
from twostroke.connectors.files.pointers import deletion
from twostroke.ledger.facts import Draft

Builder = Callable[[Row, str], list[Draft]]


def launches(cells: Cells) -> Builder:
    """A launch of a campaign, a product or a promotion, with its sentence."""
    at, name, words = cells.when("at"), cells.text("name"), cells.text("description")
    (channel, _), left, rest = cells.channel("channel"), deletion(cells), cells.rest()
    minter, source = cells.minter, cells.source

    def build(row: Row, key: str) -> list[Draft]:
        if lines := left(row, key):
            return lines
        if not name(row):
            raise RefusedError("no-name", "The row does not say what was launched.")
        personal = {**rest(row), **({"description": words(row)} if words(row) else {})}
        subject = minter.record(source, "campaign", f"launch {key}")
        return [
            Draft("campaign.launched", "campaign", subject, *at(row), channel=channel(row), campaign=name(row),
                  properties={"name": name(row)}, personal=personal)
        ]  # fmt: skip

    return build
