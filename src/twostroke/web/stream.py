"""A stream: the lines of one person, company or deal as a page shows them, newest first. Pure but for the names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _

from twostroke.intake.facts import By, HitVerdict
from twostroke.kit.time import to_datetime
from twostroke.ledger.facts import Precision, Team, Told, Trust
from twostroke.web.telling import GLYPHS, Saying, channel_words, saying_of, why_of

SHOWN_AT_ONCE = 100
NOTHING_JUDGED: Mapping[int, HitVerdict] = {}
_TOUCHING = (Team.MARKETING.value, Team.SALES.value, Team.CUSTOMER.value)


@dataclass(frozen=True, slots=True)
class Named:
    """Something that has a name and, for those who may see it, an address."""

    name: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class StreamLine:
    """A line as it is shown. ``at`` is ms since 1970 UTC, None where the time is unknown.

    ``machine``: a machine did it, for the reason ``why``. ``claimed``: it came with a public key, which anybody has.
    """

    seq: int
    kind: str
    team: str
    glyph: str
    stroke: str
    saying: Saying
    at: int | None
    precision: str
    amount_minor: int | None
    currency: str | None
    channel: str
    campaign: str | None
    source: str
    actor: Named | None
    person: Named | None
    company: Named | None
    subject: Named | None
    product: Named | None
    machine: bool = False
    why: str = ""
    claimed: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """Lines that stand together: one of its own, or all between two of them that machines did."""

    lines: Sequence[StreamLine]
    machine: bool


@dataclass(frozen=True, slots=True)
class Chapter:
    """Lines of one month, or those of unknown time (which stand last)."""

    title: str
    lines: Sequence[StreamLine]
    unknown: bool = False

    @property
    def runs(self) -> list[Run]:
        """The lines, with what machines did folded together."""
        groups = groupby(self.lines, key=lambda line: line.seq if not line.machine else 0)
        return [Run(tuple(lines), seq == 0) for seq, lines in groups]


@dataclass(frozen=True, slots=True)
class Stream:
    """Chapters from the newest to the oldest, how many lines of each team, how many lines there are beyond them."""

    chapters: Sequence[Chapter]
    counts: Mapping[str, int]
    total: int
    left_out: int

    @property
    def records_folded(self) -> bool:
        """Whether lines that only describe wait behind their filter: where something happened, too."""
        return len(self.counts) > 1

    @property
    def teams(self) -> list[tuple[str, str, int, str]]:
        """(team, glyph, lines, key) for the filters: the three that touch first, then the others that are there."""
        rest = [team for team in self.counts if team not in _TOUCHING]
        names = [*_TOUCHING, *sorted(rest)]
        return [(team, GLYPHS.get(team, "·"), self.counts.get(team, 0), str(n)) for n, team in enumerate(names, 1)]


def _line(
    told: Told, names: Mapping[str, Named], about: frozenset[str], verdicts: Mapping[int, HitVerdict]
) -> StreamLine:
    line = told.line
    verdict = verdicts.get(line.seq)

    def named(opaque: str | None) -> Named | None:
        return None if opaque is None or opaque in about else names.get(opaque)

    subject = str(told.properties.get("deal") or line.subject)
    return StreamLine(
        seq=line.seq,
        kind=line.kind,
        team=line.team,
        glyph=GLYPHS.get(line.team, "·"),
        stroke=line.stroke,
        saying=saying_of(told, verdict),
        at=None if line.precision == Precision.UNKNOWN else line.happened_at,
        precision=line.precision,
        amount_minor=line.amount_minor,
        currency=line.currency,
        channel=channel_words(line.channel),
        campaign=line.campaign,
        source=line.source,
        actor=named(line.actor),
        person=named(line.identifier),
        company=named(line.company),
        subject=named(subject) if subject not in (line.identifier, line.company) else None,
        product=named(str(told.properties.get("product") or "")),
        machine=verdict is not None and verdict.by is By.MACHINE,
        why="" if verdict is None else why_of(verdict),
        claimed=line.trust == Trust.CLAIMED,
    )


def stream_of(
    lines: Sequence[Told],
    names: Mapping[str, Named],
    *,
    about: frozenset[str],
    zone: str,
    shown: int = SHOWN_AT_ONCE,
    verdicts: Mapping[int, HitVerdict] = NOTHING_JUDGED,
) -> Stream:
    """The stream of ``lines`` (in fold order). ``about`` are the ids the page itself is about: not named again.

    ``verdicts`` say by seq who did what, where that is judged.
    """
    counts: dict[str, int] = {}
    for told in lines:
        counts[told.line.team] = counts.get(told.line.team, 0) + 1
    known = [told for told in lines if told.line.happened_at is not None]
    unknown = [told for told in lines if told.line.happened_at is None]
    chapters: dict[str, list[StreamLine]] = {}
    for told in list(reversed(known))[:shown]:
        month = f"{to_datetime(told.line.happened_at or 0, _zone_of(told, zone)):%B %Y}"
        chapters.setdefault(month, []).append(_line(told, names, about, verdicts))
    built = [Chapter(title, entries) for title, entries in chapters.items()]
    left = max(0, shown - len(known))
    if unknown and left:
        built.append(
            Chapter(_("Time unknown"), [_line(told, names, about, verdicts) for told in unknown[:left]], unknown=True)
        )
    return Stream(built, counts, len(lines), max(0, len(lines) - shown))


def _zone_of(told: Told, zone: str) -> str:
    """A day-precise instant is a civil date read as UTC: no zone may move it."""
    return "UTC" if told.line.precision == Precision.DAY else zone
