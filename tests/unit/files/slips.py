"""A firm's files with slips in the key columns of its deals, and how the suggestions for them are measured."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.unit.files.helpers import write
from twostroke.connectors.files.propose import propose
from twostroke.connectors.files.reading import read_tables
from twostroke.connectors.files.suggestions import suggested

KEYS = ("Account", "Product", "Sales Rep")
_FIRST = [a + b for a in ("Har", "Nor", "Ber", "Lum", "Cal") for b in ("", "di", "lo", "vi")]
_LAST = ["bour", "wick", "stone", "field", "dale", "ton", "mark", "burg", "vale", "gate"]
_KINDS = ("Hotels", "Foods", "Freight")
_PRODUCTS = ("Garden Pro", "Garden Basic", "Kettle 500", "Kettle 900", "Vario Classic", "Quick Descaler", "Filter Set")
_PEOPLE = ("Anna", "Boris", "Carmen", "Dieter", "Elisa", "Fabian", "Gudrun", "Hannes", "Ingrid", "Joachim")


def keys() -> dict[str, list[str]]:
    """The keys each column of the deals points to."""
    firms = [f"{a}{b} {_KINDS[(i + j) % 3]}" for i, a in enumerate(_FIRST) for j, b in enumerate(_LAST)]
    return {
        "Account": firms[::2],
        "Product": list(_PRODUCTS),
        "Sales Rep": [f"{first} {a}{b}" for first in _PEOPLE for a, b in zip(_FIRST[:3], _LAST[:3], strict=True)],
    }


def strangers() -> dict[str, list[str]]:
    """Other firms, products and people of the same kind, which are none of the keys."""
    firms = [f"{a}{b} {_KINDS[(i + j) % 3]}" for i, a in enumerate(_FIRST) for j, b in enumerate(_LAST)]
    return {
        "Account": firms[1::2],
        "Product": ["Kettle 700", "Kettle 300", "Milk Frother", "Bean Grinder", "Garden Deluxe", "Cup Warmer"],
        "Sales Rep": [f"{first} {a}{b}" for first in _PEOPLE for a, b in zip(_FIRST[9:12], _LAST[5:8], strict=True)],
    }


def slipped(word: str, chance: random.Random) -> str:
    """A word with one letter lost, changed, doubled or swapped with its neighbour."""
    while True:
        place, letter = chance.randrange(len(word)), chance.choice("abcdefghijklmnopqrstuvwxyz")
        made = chance.choice(
            [
                word[:place] + word[place + 1 :],
                word[:place] + letter + word[place + 1 :],
                word[:place] + letter + word[place:],
                word[:place] + word[place : place + 2][::-1] + word[place + 2 :],
            ]
        ).strip()
        if made != word:
            return made


def with_slips(folder: Path, chance: random.Random, *, rows: int, share: float) -> dict[str, dict[str, str]]:
    """Write accounts, products, a team and deals with slips. What each misspelt cell of each key column means."""
    folder.mkdir(parents=True, exist_ok=True)
    known = keys()
    write(folder / "accounts.csv", ["Account", "Industry"], [[name, "Trade"] for name in known["Account"]])
    write(folder / "products.csv", ["Product", "Price"], [[name, "99.00"] for name in known["Product"]])
    write(folder / "team.csv", ["Sales Rep", "Manager"], [[name, "Zoe Head"] for name in known["Sales Rep"]])
    meant: dict[str, dict[str, str]] = {column: {} for column in KEYS}
    lines = []
    for number in range(rows):
        cells = []
        for column in KEYS:
            key = chance.choice(known[column])
            cell = slipped(key, chance) if chance.random() < share else key
            if cell not in known[column]:
                meant[column][cell] = key
            cells.append(cell)
        lines.append([f"D{number}", "Won", "99.00", *cells, "2026-02-13"])
    write(folder / "deals.csv", ["Deal ID", "Stage", "Amount", *KEYS, "Close Date"], lines)
    return meant


@dataclass(frozen=True, slots=True)
class Measured:
    """How many slips were understood, and for how many strangers something was suggested."""

    right: int
    slips: int
    wrong: int
    strangers: int


def measured(folder: Path, seed: int, *, rows: int) -> Measured:
    """Suggestions for 5 % slips in each key column, and for strangers written into a second list of deals."""
    chance = random.Random(seed)
    meant = with_slips(folder / "slips", chance, rows=rows, share=0.05)
    found = _suggestions(folder / "slips")
    right = sum(found[column].get(cell) == key for column in KEYS for cell, key in meant[column].items())
    with_slips(folder / "strangers", chance, rows=rows, share=0.0)
    others = strangers()
    asked = {column: chance.sample(others[column], min(len(others[column]), 12)) for column in KEYS}
    with (folder / "strangers" / "deals.csv").open("a", encoding="utf-8") as file:
        for number in range(12):
            cells = ",".join(asked[column][number % len(asked[column])] for column in KEYS)
            file.write(f"S{number},Won,99.00,{cells},2026-02-13\r\n")
    wrong = sum(cell in each for each, column in zip(_suggestions(folder / "strangers").values(), KEYS, strict=True)
                for cell in asked[column])  # fmt: skip
    return Measured(right, sum(map(len, meant.values())), wrong, sum(map(len, asked.values())))


def _suggestions(folder: Path) -> dict[str, dict[str, str]]:
    proposal = propose(read_tables([folder]), None, "test")
    deals = proposal.mapping.table("deals")
    made: dict[str, dict[str, str]] = {}
    for header in KEYS:
        column = deals.column(header) if deals is not None else None
        values = proposal.profiles["deals"].column(header)
        pointing = column is not None and values is not None
        made[header] = suggested(proposal.mapping, proposal.profiles, column, values) if pointing else {}  # type: ignore[arg-type]
    return made


def _all(folder: Path, *, seeds: int, rows: int) -> str:
    found = [measured(folder / str(seed), seed, rows=rows) for seed in range(seeds)]
    right, slips = sum(one.right for one in found), sum(one.slips for one in found)
    wrong, others = sum(one.wrong for one in found), sum(one.strangers for one in found)
    return (
        f"{seeds} seeds of {rows:,} deals, 5 % slips in each of {len(KEYS)} key columns: {right:,} of {slips:,} "
        f"understood ({right / slips:.3f}); a meaning suggested for {wrong:,} of {others:,} "
        f"strangers ({wrong / others:.3f})"
    )


if __name__ == "__main__":
    with TemporaryDirectory() as scratch:
        print(_all(Path(scratch), seeds=20, rows=3_000))
