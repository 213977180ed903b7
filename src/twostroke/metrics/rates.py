"""Rates as numbers take them: for each currency and day what one of its minor units is worth in the reporting one's.

Exact, so that a number and whoever counts it again agree to the cent: factors are decimals of fourteen places, and an
amount times its factor is rounded once, half away from zero.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext

from twostroke.kit.money import exponent
from twostroke.kit.time import DAY_MS

# A central bank rests over long holidays; a rate older than that is no rate of the day.
LONGEST_REST = 10
_PLACES = Decimal(1).scaleb(-14)
_LARGEST = Decimal(99_999)


@dataclass(frozen=True, slots=True)
class Told:
    """What one unit of ``of`` is worth in ``into`` on a day (its number since 1970)."""

    of: str
    into: str
    day: int
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Factor:
    """What a minor unit is worth from ``first_ms`` until before ``until_ms``, as days stand in ``happened_at``."""

    currency: str
    first_ms: int
    until_ms: int
    factor: Decimal


def factors(told: Iterable[Told], reporting: str, currencies: Iterable[str]) -> list[Factor]:
    """The factors of ``currencies`` into ``reporting``, by day.

    On each day the newest rate not after it counts, at most ``LONGEST_REST`` days old: one that names both currencies,
    else the same the other way round, else two against a third currency (the first by name that has both on one day).
    """
    by_pair: dict[tuple[str, str], dict[int, Decimal]] = defaultdict(dict)
    for one in told:
        by_pair[one.of, one.into][one.day] = one.rate
    found = []
    for currency in sorted({*currencies} - {reporting}):
        by_day = _by_day(by_pair, currency, reporting)
        days = sorted(by_day)
        scale = Decimal(10) ** (exponent(reporting) - exponent(currency))
        for place, day in enumerate(days):
            until = min(day + LONGEST_REST + 1, days[place + 1] if place + 1 < len(days) else day + LONGEST_REST + 1)
            with localcontext() as context:
                context.prec = 40
                factor = (by_day[day] * scale).quantize(_PLACES, ROUND_HALF_UP)
            if 0 < factor <= _LARGEST:
                found.append(Factor(currency, day * DAY_MS, until * DAY_MS, factor))
    return found


def _by_day(by_pair: dict[tuple[str, str], dict[int, Decimal]], currency: str, reporting: str) -> dict[int, Decimal]:
    thirds = sorted({of for of, into in by_pair if into in (currency, reporting)} - {currency, reporting}, reverse=True)
    rates: dict[int, Decimal] = {}
    with localcontext() as context:
        context.prec = 40
        for third in thirds:
            one, other = by_pair.get((third, currency), {}), by_pair.get((third, reporting), {})
            rates |= {day: other[day] / one[day] for day in one.keys() & other.keys()}
        rates |= {day: 1 / rate for day, rate in by_pair.get((reporting, currency), {}).items()}
    return rates | by_pair.get((currency, reporting), {})
