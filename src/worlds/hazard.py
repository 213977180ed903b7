"""The hazard equation: the one place where anything in a world becomes more likely.

For each move of the journey, each person (or buying firm) and each week::

    rate   = M · (base + pull · P + push · H + both · P · H)            [moves per week]
    chance = 1 − exp(−rate)                                             [of moving in this week]

``base, pull, push, both``  moves per week, by segment and move, from the profile. They add (Aalen's additive hazards,
    "A linear regression model for the analysis of life times", Statistics in Medicine 8, 1989), so that the *parts* of
    a hazard are meaningful in themselves: M·pull·P is what pull did this week, M·both·P·H what neither does alone.
``P``  pull level, 0 to 1: stock / (stock + half), a Hill curve of slope 1 — the saturation of media-mix models (Jin,
    Wang, Sun, Chan and Koehler, "Bayesian methods for media mix modeling with carryover and shape effects", 2017).
``H``  push level, 0 to 1: the same of the sellers' stock.
``stock``  this week's contacts, each with its weight, plus ``carry`` of last week's stock: geometric carry-over
    (Broadbent, "One way TV advertisements work", 1979). A carry of 0.85 a week halves in ln 0.5 / ln 0.85 = 4.3 weeks.
``M``  the product of multipliers without unit: intent · season · rival · concern or claim · lateness · timing of need.
``1 − exp(−rate)``  the chance in one week of a hazard constant within it (Prentice and Gloeckler, "Regression
    analysis of grouped survival data", Biometrics 34, 1978).

Of a firm: P and H are the means over its known members, weighed by their influence on the decision.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from worlds.arrays import Floats


@dataclass(frozen=True)
class Parts:
    """The four parts of a rate, moves per week, multiplier included; they sum to ``total``."""

    base: Floats
    pull: Floats
    push: Floats
    both: Floats

    @property
    def total(self) -> Floats:
        """Moves per week."""
        return self.base + self.pull + self.push + self.both

    @property
    def chance(self) -> Floats:
        """The probability of moving within the week."""
        return np.asarray(-np.expm1(-self.total), dtype=np.float64)


def rate(terms: Floats, pull_level: Floats, push_level: Floats, multiplier: Floats) -> Parts:
    """The equation. ``terms``: one row (base, pull, push, both) for each element of the other three."""
    return Parts(
        base=multiplier * terms[:, 0],
        pull=multiplier * terms[:, 1] * pull_level,
        push=multiplier * terms[:, 2] * push_level,
        both=multiplier * terms[:, 3] * pull_level * push_level,
    )


def level(stock: Floats, half: float) -> Floats:
    """The level, 0 to 1, of a stock: 0.5 where stock equals ``half``. With half 0, any contact at all gives 1."""
    return np.asarray(np.where(stock > 0, stock / (stock + half + 1e-300), 0.0), dtype=np.float64)


def carried(stock: Floats, carry: float, added: Floats) -> Floats:
    """The stock of this week: what is left of last week's plus this week's contacts."""
    return stock * carry + added
