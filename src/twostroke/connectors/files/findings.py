"""What an old CRM never told: up to five true findings of an import, in plain words, counted.

A finding is only told where there are enough cases, and where the difference is more than chance: every bound stands
here. Nobody is named: no buyer and no seller.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from math import sqrt
from statistics import median

from twostroke.connectors.files.heard import Deal, Heard
from twostroke.kit.money import exponent
from twostroke.kit.time import DAY_MS, day_of_number

MOST = 5
# Rows of an import beyond which nothing is kept in memory for findings.
MOST_ROWS = 200_000
_FEW, _MANY = 10, 30
# Standard errors beyond which a difference is told, chosen for some dozens of comparisons in an import.
_SURE = 4.0


def findings_of(heard: Heard) -> list[str]:
    """The findings, what can be acted on today first."""
    told = (tell(heard) for tell in _FINDINGS)
    return [text for text in told if text][:MOST]


def _money(deals: Iterable[Deal]) -> str:
    """“, together EUR 1,234”: of deals of one currency; nothing where they have several or none."""
    sums: Counter[str] = Counter()
    for deal in deals:
        if deal.amount is not None:
            sums[deal.currency] += deal.amount
    if len(sums) != 1:
        return ""
    ((currency, minor),) = sums.items()
    return f", together {currency} {minor // 10 ** exponent(currency):,}" if minor > 0 else ""


def _of(heard: Heard, *verdicts: str) -> list[Deal]:
    return [deal for deal in heard.deals.values() if deal.verdict in verdicts]


def _lengths(deals: Iterable[Deal]) -> list[float]:
    return sorted(days for deal in deals if (days := deal.days) is not None)


def _overdue(heard: Heard) -> str:
    """Open deals that by their own closing date should have ended."""
    dated = [deal for deal in _of(heard, "open") if deal.due]
    newest = day_of_number(heard.newest // DAY_MS).isoformat()
    late = [deal for deal in dated if deal.due < newest]
    if len(late) < _FEW or 10 * len(late) < len(dated):
        return ""
    return (
        f"{len(late):,} of {len(dated):,} open deals should have been closed before {_newest(heard)}, the newest day "
        f"in these files, by their own closing dates{_money(late)}."
    )


def _newest(heard: Heard) -> str:
    """The newest day on which a deal began or ended."""
    day = day_of_number(heard.newest // DAY_MS)
    return f"{day.day} {day:%B %Y}"


def _older_than_winners(heard: Heard) -> str:
    """Open deals that are older than nearly all won ones ever became."""
    won = _lengths(_of(heard, "won"))
    still = [deal for deal in _of(heard, "open") if deal.opened is not None]
    if len(won) < _MANY or not still:
        return ""
    limit = won[int(0.9 * len(won))]
    old = [deal for deal in still if deal.opened is not None and (heard.newest - deal.opened) / DAY_MS > limit]
    if len(old) < _FEW or 10 * len(old) < len(still):
        return ""
    return (
        f"{len(old):,} of {len(still):,} open deals were older than {limit:.0f} days on {_newest(heard)}, the newest "
        f"day in these files{_money(old)}. Of the {len(won):,} won deals 9 in 10 were won in less time."
    )


def _untouched(heard: Heard) -> str:
    """People with whom nobody called, met or wrote, where the files hold such acts."""
    people = [person for person in heard.persons.values() if person.ids]
    touched = [person for person in people if any(one in heard.acts for one in person.ids)]
    known = {one for person in people for one in person.ids}
    # Where the acts are of others than these people, the files do not belong together.
    if len(heard.acts) < _MANY or 2 * len(heard.acts.keys() & known) < len(heard.acts):
        return ""
    left = len(people) - len(touched)
    if left < _FEW or 10 * left < len(people):
        return ""
    return f"With {left:,} of {len(people):,} people these files hold no call, no meeting, no visit and no mail."


_BOUGHT = "Of the people who came by “{}”, {} in 100 became customers ({:,} people)"
_WON = "Of the closed deals {} “{{}}”, {{}} in 100 were won ({{:,}} deals)"


def _bought_by_source(heard: Heard) -> str:
    groups: dict[str, list[bool]] = defaultdict(list)
    for person in heard.persons.values():
        if person.source:
            groups[person.source].append(person.bought)
    return _contrast(
        groups, "Of the people who came by “{}”, {} in 100 became customers ({:,} people)", "; by “{}”, {} ({:,})"
    )


def _won_by_product(heard: Heard) -> str:
    groups: dict[str, list[bool]] = defaultdict(list)
    for deal in _of(heard, "won", "lost"):
        if name := heard.names.get(deal.product, ""):
            groups[name].append(deal.verdict == "won")
    return _contrast(
        groups, "Of the closed deals about “{}”, {} in 100 were won ({:,} deals)", "; about “{}”, {} ({:,})"
    )


def _won_by_source(heard: Heard) -> str:
    groups: dict[str, list[bool]] = defaultdict(list)
    for deal in _of(heard, "won", "lost"):
        if deal.source:
            groups[deal.source].append(deal.verdict == "won")
    return _contrast(
        groups, "Of the closed deals that came by “{}”, {} in 100 were won ({:,} deals)", "; by “{}”, {} ({:,})"
    )


def _contrast(groups: dict[str, list[bool]], first: str, second: str) -> str:
    """The best and the worst of the groups that are large enough, where they differ by more than chance."""
    large = {name: said for name, said in groups.items() if len(said) >= _MANY and len(name) <= 60}
    if len(large) < 2:
        return ""
    ranked = sorted(large, key=lambda name: (-_share(large[name]), name))
    best, worst = large[ranked[0]], large[ranked[-1]]
    together = _share([*best, *worst])
    error = (together * (1 - together) * (1 / len(best) + 1 / len(worst))) ** 0.5
    if error == 0 or (_share(best) - _share(worst)) / error < _SURE:
        return ""
    told = first.format(ranked[0], round(100 * _share(best)), len(best))
    return told + second.format(ranked[-1], round(100 * _share(worst)), len(worst)) + "."


def _share(said: Sequence[bool]) -> float:
    return sum(said) / len(said)


def _time_to_lose(heard: Heard) -> str:
    """How long it takes to win and to lose, where that differs by half and by more than chance."""
    won, lost = _lengths(_of(heard, "won")), _lengths(_of(heard, "lost"))
    if len(won) < _MANY or len(lost) < _MANY:
        return ""
    quick, slow = sorted((median(won), median(lost)))
    if slow - quick < 2 or slow < 1.5 * quick or abs(_rank_sum(won, lost)) < _SURE:
        return ""
    return (
        f"Half of the {len(won):,} won deals were won within {median(won):.0f} days; half of the {len(lost):,} lost "
        f"ones were lost within {median(lost):.0f}."
    )


def _rank_sum(one: Sequence[float], other: Sequence[float]) -> float:
    """Standard errors between two samples by their ranks (Wilcoxon 1945, Mann and Whitney 1947), ties at the middle."""
    counts = Counter([*one, *other])
    place: dict[float, float] = {}
    below = 0
    for value in sorted(counts):
        place[value] = below + (counts[value] + 1) / 2
        below += counts[value]
    n, m = len(one), len(other)
    expected, spread = n * (n + m + 1) / 2, sqrt(n * m * (n + m + 1) / 12)
    return (sum(place[value] for value in one) - expected) / spread


def _lost_without_words(heard: Heard) -> str:
    """Lost deals that give no reason, where others do."""
    lost = _of(heard, "lost")
    silent = [deal for deal in lost if not deal.reason]
    if len(lost) < _MANY or len(silent) == len(lost) or 5 * len(silent) < len(lost):
        return ""
    return f"{len(silent):,} of {len(lost):,} lost deals say no reason{_money(silent)}."


def _below_the_list(heard: Heard) -> str:
    """Won deals far below the list price of their product, where a deal is mostly one piece at that price."""
    ratios: list[tuple[float, Deal]] = []
    for deal in _of(heard, "won"):
        price = heard.prices.get(deal.product)
        if price is not None and price[0] > 0 and deal.amount is not None and deal.currency == price[1]:
            ratios.append((deal.amount / price[0], deal))
    if len(ratios) < _MANY or not 0.8 <= median(ratio for ratio, _ in ratios) <= 1.25:
        return ""
    low = [deal for ratio, deal in ratios if ratio < 0.8]
    if len(low) < _FEW or 20 * len(low) < len(ratios):
        return ""
    below = [Deal(amount=heard.prices[d.product][0] - (d.amount or 0), currency=d.currency) for d in low]
    said = _money(below).replace(", together", ":")
    return f"{len(low):,} of {len(ratios):,} won deals went for less than 80 in 100 of the list price{said} below it."


def _few_bring_most(heard: Heard) -> str:
    """How few companies bring half of what was won, where that is few."""
    worth: Counter[str] = Counter()
    # Names that match no company of the files are slips of those that do, and would be counted as firms of their own.
    won = [deal for deal in _of(heard, "won") if deal.company in heard.companies and deal.amount]
    for deal in won:
        worth[deal.company or ""] += deal.amount or 0
    if len(worth) < _MANY or len({deal.currency for deal in won}) != 1:
        return ""
    half, few = sum(worth.values()) / 2, 0
    for _, value in worth.most_common():
        if half <= 0:
            break
        half, few = half - value, few + 1
    if 4 * few > len(worth):
        return ""
    return f"{few:,} of the {len(worth):,} companies that bought bring half of all that was won{_money(won)}."


def _end_of_quarter(heard: Heard) -> str:
    """Whether deals are won when the quarter ends: the last ten days are 11 in 100 of all."""
    days = [day_of_number(deal.ended // DAY_MS) for deal in _of(heard, "won") if deal.ended is not None]
    late = sum(1 for day in days if day.month % 3 == 0 and (day + dt.timedelta(days=10)).month != day.month)
    expected = 40 / 365.25
    if len(days) < 4 * _MANY or len({(day.year, day.month) for day in days}) < 12:
        return ""
    if (late / len(days) - expected) / (expected * (1 - expected) / len(days)) ** 0.5 < _SURE:
        return ""
    return (
        f"{100 * late / len(days):.0f} in 100 of the {len(days):,} won deals are won in the last ten days of a "
        "quarter; evenly spread it would be 11."
    )


_FINDINGS: tuple[Callable[[Heard], str], ...] = (
    _overdue, _older_than_winners, _untouched, _bought_by_source, _won_by_source, _won_by_product, _time_to_lose,
    _below_the_list, _lost_without_words, _end_of_quarter, _few_bring_most,
)  # fmt: skip
