"""Arms of an experiment beside each other: differences of shares with an interval of 95 per cent. Pure.

Buyers drawn one by one: limits of each share by Wilson ("Probable inference", JASA 22, 1927), of a sum or difference of
shares from those, by the square-and-add rule of Newcombe ("Interval estimation for the difference between independent
proportions", Statistics in Medicine 17, 1998) in the general form of Zou and Donner ("Construction of confidence limits
about effect measures", Statistics in Medicine 27, 2008): with d = Σ cᵢpᵢ and [lᵢ, uᵢ] the limits of cᵢpᵢ, the limits of
d are d − √Σ(cᵢpᵢ − lᵢ)² and d + √Σ(uᵢ − cᵢpᵢ)².

Whole regions: each is one observation, its share; Student's interval of the difference of two means with a common
spread and as many degrees of freedom as there are regions, less two (Hayes and Moulton, "Cluster randomised trials",
2009, chapter 10). Buyers of one region are alike, and counting them one by one would say more than is known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from math import sqrt

from twostroke.metrics.facts import Comparison, Row, is_held_out

OUTCOMES = ("opened", "won", "ordered")
_Z = 1.959964
# Student's t, two-sided 95 per cent, by degrees of freedom from 1; beyond the last that of the normal distribution.
_T = (
    12.706205, 4.302653, 3.182446, 2.776445, 2.570582, 2.446912, 2.364624, 2.306004, 2.262157, 2.228139, 2.200985,
    2.178813, 2.160369, 2.144787, 2.131450, 2.119905, 2.109816, 2.100922, 2.093024, 2.085963, 2.079614, 2.073873,
    2.068658, 2.063899, 2.059539, 2.055529, 2.051831, 2.048407, 2.045230, 2.042272,
)  # fmt: skip
Cell = tuple[int, int]
Levels = tuple[tuple[str, str], ...]


def compared(rows: Sequence[Row]) -> tuple[Comparison, ...]:
    """Each experiment's arms against those left out, by outcome, and by whatever else the rows are divided by."""
    found: list[Comparison] = []
    for key, mine in _groups(rows).items():
        for outcome in OUTCOMES:
            if any(int(row.measures[outcome]) for row in mine):
                found += _comparisons(dict(key), outcome, mine)
    return tuple(found)


def unanswered(rows: Sequence[Row]) -> tuple[str, ...]:
    """What cannot be compared, and why, in sentences."""
    found = []
    for experiment in dict.fromkeys(row.key["experiment"] for row in rows):
        mine = [row for row in rows if row.key["experiment"] == experiment]
        arms = {arm for row in mine if (arm := row.key["arm"])}
        if not any(is_held_out(level) for arm in arms for _, level in levels_of(arm)):
            found.append(
                f"Nobody was left out of {experiment}, or no arm says so: arms {', '.join(sorted(arms))}. Call the one "
                "that was left out “held out” or “control”."
            )
        if several := sum(int(row.measures["count"]) for row in mine if not row.key["arm"]):
            found.append(f"{several:,} buyers of {experiment} have people in several arms and are in no comparison.")
    return tuple(found)


def levels_of(arm: str) -> Levels:
    """Factors and levels of an arm: of ``Mail: no; Call: yes`` two, of ``held out`` one without a name."""
    parts = [part.partition(": ") for part in arm.split("; ")]
    return tuple((factor, level) for factor, _, level in parts) if all(sep for _, sep, _ in parts) else (("", arm),)


def _groups(rows: Sequence[Row]) -> dict[tuple[tuple[str, str | None], ...], list[Row]]:
    """Rows by everything in their key but arm, cluster and currency; those in several arms left out."""
    found: dict[tuple[tuple[str, str | None], ...], list[Row]] = {}
    for row in rows:
        if row.key["arm"]:
            key = tuple((name, value) for name, value in row.key.items() if name not in ("arm", "cluster", "currency"))
            found.setdefault(key, []).append(row)
    return found


def _comparisons(key: Mapping[str, str | None], outcome: str, rows: Sequence[Row]) -> list[Comparison]:
    clusters = [row for row in rows if row.key["cluster"]]
    if clusters:
        return _by_cluster(key, outcome, clusters)
    cells: dict[Levels, Cell] = {}
    for row in rows:
        levels = levels_of(row.key["arm"] or "")
        before = cells.get(levels, (0, 0))
        cells[levels] = (before[0] + int(row.measures[outcome]), before[1] + int(row.measures["count"]))
    found = []
    for contrast, weights in _contrasts(list(cells)).items():
        told = [(weight, *cells.get(levels, (0, 0))) for levels, weight in weights.items()]
        if all(of for _, _, of in told):
            found.append(_comparison(key, outcome, contrast, interval(told), sum(of for _, _, of in told)))
    return found


def _contrasts(arms: Sequence[Levels]) -> dict[str, dict[Levels, float]]:
    """Weights of the arms' shares, by what they tell: each arm against the one held out, or the factors' effects."""
    factors = {tuple(factor for factor, _ in arm) for arm in arms}
    if len(factors) == 1 and len(arms[0]) > 1:
        return _of_factors(arms)
    control = [arm for arm in arms if all(is_held_out(level) for _, level in arm)]
    if len(control) != 1:
        return {}
    return {_words(arm): {arm: 1.0, control[0]: -1.0} for arm in sorted(arms) if arm != control[0]}


def _words(arm: Levels) -> str:
    return "; ".join(f"{factor}: {level}" if factor else level for factor, level in arm)


def _of_factors(arms: Sequence[Levels]) -> dict[str, dict[Levels, float]]:
    """Of two-level factors: what each does, over the others' levels alike; of two of them also what both do together
    against neither, and how much more that is than the sum of what each does alone."""
    names = [factor for factor, _ in arms[0]]
    levels = [sorted({arm[place][1] for arm in arms}, key=is_held_out) for place in range(len(names))]
    if any(len(two) != 2 or is_held_out(two[0]) or not is_held_out(two[1]) for two in levels):
        return {}
    cells = [tuple(zip(names, cell, strict=True)) for cell in product(*levels)]
    given = [[cell[place][1] == levels[place][0] for place in range(len(names))] for cell in cells]
    share = 2.0 / len(cells)
    found = {
        name: {cell: share if on[place] else -share for cell, on in zip(cells, given, strict=True)}
        for place, name in enumerate(names)
    }
    if len(names) == 2:
        both, first, second, neither = cells
        found[" + ".join(names)] = {both: 1.0, neither: -1.0}
        found[f"{' + '.join(names)}, beyond each alone"] = {both: 1.0, first: -1.0, second: -1.0, neither: 1.0}
    return found


def _by_cluster(key: Mapping[str, str | None], outcome: str, rows: Sequence[Row]) -> list[Comparison]:
    """Each arm of whole regions against the one held out."""
    shares: dict[str, list[float]] = {}
    counted: dict[str, int] = {}
    for row in rows:
        arm, of = row.key["arm"] or "", int(row.measures["count"])
        shares.setdefault(arm, []).append(int(row.measures[outcome]) / of)
        counted[arm] = counted.get(arm, 0) + of
    control = [arm for arm in shares if is_held_out(arm)]
    if len(control) != 1:
        return []
    left_out = shares[control[0]]
    return [
        _comparison(key, outcome, arm, between, counted[arm] + counted[control[0]])
        for arm in sorted(shares)
        if arm != control[0] and (between := of_means(shares[arm], left_out)) is not None
    ]


def _comparison(
    key: Mapping[str, str | None], outcome: str, contrast: str, between: tuple[float, float, float], of: int
) -> Comparison:
    difference, low, high = (f"{value + 0.0:.4f}" for value in between)
    return Comparison(dict(key), outcome, contrast, of, difference, low, high)


def interval(cells: Sequence[tuple[float, int, int]]) -> tuple[float, float, float]:
    """Of Σ weight · (successes ÷ of): the value and its limits. Cells are (weight, successes, of), none of nothing."""
    value = below = above = 0.0
    for weight, successes, of in cells:
        low, high = sorted(weight * limit for limit in wilson(successes, of))
        share = weight * successes / of
        value, below, above = value + share, below + (share - low) ** 2, above + (high - share) ** 2
    return value, value - sqrt(below), value + sqrt(above)


def wilson(successes: int, of: int) -> tuple[float, float]:
    """The limits of a share."""
    share, square = successes / of, _Z * _Z
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = _Z * sqrt(share * (1 - share) / of + square / (4 * of * of)) / (1 + square / of)
    return middle - half, middle + half


def of_means(one: Sequence[float], other: Sequence[float]) -> tuple[float, float, float] | None:
    """The difference of two means and its limits; None where one of them has fewer than two values."""
    if len(one) < 2 or len(other) < 2:
        return None
    means = [sum(values) / len(values) for values in (one, other)]
    squares = sum((value - mean) ** 2 for values, mean in zip((one, other), means, strict=True) for value in values)
    freedom = len(one) + len(other) - 2
    half = (_T[freedom - 1] if freedom <= len(_T) else _Z) * sqrt(squares / freedom * (1 / len(one) + 1 / len(other)))
    value = means[0] - means[1]
    return value, value - half, value + half
