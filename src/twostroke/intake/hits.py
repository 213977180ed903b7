"""Whether a human or a machine did what a line tells: by the line itself, by its mail, by the pace of its device. Pure.

What is found follows from the lines in force alone, whatever their order, and from nothing personal: so it can be found
again with better rules, and stays when people are erased. Taking people for machines is the worse mistake.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import msgspec

from twostroke.intake.agents import judged
from twostroke.intake.facts import REASONS, By, HitVerdict
from twostroke.ledger.facts import Line, Precision

OPENED, CLICKED = "mail.opened", "mail.clicked"
ARRIVALS = frozenset({"mail.sent", "mail.delivered"})
# A mail must be delivered, shown and read before a link in it is pressed; a scanner presses while it delivers.
SCANNED_MS, BREATH_MS, BURST_MS, BLIND_MS, SOON_MS = 10_000, 10_000, 1_000, 60_000, 5_000
# People open a handful of pages at once from a list; a browser that starts again opens what was open.
PACE_MS, PACE_PAGES = 10_000, 10
# A device or a mail with more hits is not judged by its pace: it is looked at anew with every hit.
MOST = 5_000
_TARGETS = ("path", "product", "name", "title", "promotion", "form", "list")


class _Traces(msgspec.Struct):
    agent: str = ""
    webdriver: bool = False
    device_only: bool = False
    by: str = ""


_traces = msgspec.json.Decoder(_Traces).decode


class Seen(NamedTuple):
    """What is looked at of a line; the names are those of its columns."""

    seq: int
    source: str
    message_id: str
    part: int
    kind: str
    subject_kind: str
    subject: str
    identifier: str | None
    happened_at: int | None
    precision: str
    properties: str


class Judgement(NamedTuple):
    """A verdict on a line, by the seq of the line."""

    seq: int
    verdict: HitVerdict


def by_itself(properties: str) -> HitVerdict | None:
    """What a hit's own properties (JSON text) say; None where it is only that a browser was used, or nothing."""
    traces = _traces(properties)
    if traces.by in (By.HUMAN, By.MACHINE):
        return HitVerdict(By(traces.by), "said")
    named = judged(traces.agent, traces.webdriver)
    return None if named.reason in ("unnamed", "browser") else HitVerdict(*named)


def without_more(properties: str) -> HitVerdict:
    """The verdict on a hit of which nothing else is known."""
    found = by_itself(properties)
    return found if found is not None else HitVerdict(*judged(_traces(properties).agent)[:2])


def by_device_alone(properties: str) -> bool:
    """Whether nobody but a device was named."""
    return _traces(properties).device_only


def _is_settled(line: Seen) -> bool:
    """Whether the line says by itself who did it: what stands around it changes nothing then."""
    found = by_itself(line.properties)
    return found is not None and found.by is not By.UNSURE


def timed(line: Seen | Line) -> int | None:
    """Its instant in ms since 1970 UTC where it is known to the second, else None."""
    return line.happened_at if line.precision in (Precision.MS, Precision.SECOND) else None


def by_their_mail(lines: Iterable[Seen]) -> list[Judgement]:
    """What the lines of one mail to one reader say of its hits, beyond what each says by itself."""
    at = [(when, line) for line in lines if (when := timed(line)) is not None]
    arrived = sorted(when for when, line in at if line.kind in ARRIVALS)
    clicks = [(when, line) for when, line in at if line.kind == CLICKED]
    opens = [(when, line) for when, line in at if line.kind == OPENED]
    found: dict[int, HitVerdict] = {}
    for when, line in clicks:
        if not _is_settled(line) and _near(arrived, when, SCANNED_MS):
            found[line.seq] = HitVerdict(By.MACHINE, "scanned")
    for line in _bursts(clicks):
        found.setdefault(line.seq, HitVerdict(By.MACHINE, "burst"))
    machines = sorted(when for when, line in clicks if line.seq in found or _is_machine(line))
    for when, line in opens:
        if _is_settled(line):
            continue
        if _near(machines, when, BREATH_MS):
            found[line.seq] = HitVerdict(By.MACHINE, "swept")
        elif _near(arrived, when, SOON_MS):
            found[line.seq] = HitVerdict(By.UNSURE, "soon")
    read = min((when for when, line in opens if line.seq not in found and not _is_machine(line)), default=None)
    for when, line in clicks:
        blind = _near(arrived, when, BLIND_MS) and (read is None or read > when)
        if blind and line.seq not in found and not _is_settled(line):
            found[line.seq] = HitVerdict(By.UNSURE, "blind")
    return [Judgement(seq, verdict) for seq, verdict in sorted(found.items())]


def _is_machine(line: Seen) -> bool:
    found = by_itself(line.properties)
    return found is not None and found.by is By.MACHINE


def _near(instants: Sequence[int], when: int, within: int) -> bool:
    """Whether one of the sorted instants is at most so far from this one."""
    place = bisect_left(instants, when - within)
    return place < len(instants) and instants[place] <= when + within


def _bursts(clicks: Sequence[tuple[int, Seen]]) -> Iterator[Seen]:
    """Clicks on different links within a second of each other."""
    links = {line.seq: _property(line, ("link",)) for _, line in clicks}
    known = sorted(((when, line) for when, line in clicks if links[line.seq]), key=lambda one: (one[0], one[1].seq))
    when = [at for at, _ in known]
    for at, line in known:
        around = known[bisect_left(when, at - BURST_MS) : bisect_right(when, at + BURST_MS)]
        if not _is_settled(line) and any(links[other.seq] != links[line.seq] for _, other in around):
            yield line


def by_their_pace(lines: Iterable[Seen]) -> list[Judgement]:
    """What the hits of one device say of each other, where nobody but the device was named."""
    at = sorted(
        (when, line.seq, _target(line))
        for line in lines
        if (when := timed(line)) is not None and by_device_alone(line.properties) and not _is_settled(line)
    )
    return [Judgement(seq, HitVerdict(By.MACHINE, "pace")) for seq in sorted(_crowded(at))]


def _crowded(at: Sequence[tuple[int, int, str]]) -> Iterator[int]:
    """The seqs of hits that lie with more different ones in a short while than people look at."""
    inside: Counter[str] = Counter()
    first, told = 0, 0
    for last, (when, _, target) in enumerate(at):
        inside[target] += 1
        while at[first][0] < when - PACE_MS:
            _leave(inside, at[first][2])
            first += 1
        if len(inside) >= PACE_PAGES:
            yield from (seq for _, seq, _ in at[max(first, told) : last + 1])
            told = last + 1


def _leave(inside: Counter[str], target: str) -> None:
    inside[target] -= 1
    if not inside[target]:
        del inside[target]


def _target(line: Seen) -> str:
    return f"{line.kind} {_property(line, _TARGETS)}"


def _property(line: Seen, names: Sequence[str]) -> str:
    said: dict[str, Any] = msgspec.json.decode(line.properties)
    return next((str(said[name]) for name in names if said.get(name)), "")


def strongest(verdicts: Iterable[HitVerdict]) -> HitVerdict:
    """Of several verdicts on one line the one that counts: a machine was seen, else a human, else the first reason."""
    return min(verdicts, key=lambda one: (_RANK[one.by], _REASON[one.reason]))


_RANK = {By.MACHINE: 0, By.HUMAN: 1, By.UNSURE: 2}
_REASON = {reason: place for place, reason in enumerate(REASONS)}
