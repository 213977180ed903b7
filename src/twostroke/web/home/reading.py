"""What a member's home has to say, from the rooms' doors."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from twostroke.deals import queries as deals
from twostroke.deals.facts import DealStatus
from twostroke.identity import queries as identity
from twostroke.intake.queries import ImportState, imports
from twostroke.kit.time import now_millis
from twostroke.ledger.facts import Team, Told
from twostroke.ledger.parking import how_many_wait
from twostroke.ledger.queries import Log, accounting, held_counts, zone
from twostroke.metrics import queries as metrics
from twostroke.metrics.facts import Result, Scope
from twostroke.team.facts import May, Member, Role
from twostroke.team.rules import may
from twostroke.web.deals.reading import rows_of
from twostroke.web.freshness import Kept
from twostroke.web.home.headline import headline
from twostroke.web.home.shapes import Figure, Home, Odd, TeamTouches
from twostroke.web.lines import told_about
from twostroke.web.mine import MINE
from twostroke.web.naming import names_in
from twostroke.web.numbers.lifecycle import lifecycle_card
from twostroke.web.numbers.pipeline import pipeline_card
from twostroke.web.numbers.reading import UNKNOWN, amounts, computed, whole
from twostroke.web.stream import stream_of
from twostroke.web.templatetags.say import grouped

_EACH = 6
_EACH_TEAM = 5
_TOUCHING = (Team.MARKETING, Team.SALES, Team.CUSTOMER)
_MOST_ODD = 6
_latest: Kept[dict[str, list[int]]] = Kept()


def home_of(member: Member, scope: Scope | None = None) -> Home:
    """The blocks of this member's home; deals and pipeline cut to ``scope``, all else the whole company's."""
    brought = imports(limit=5) if may(member.role, May.IMPORT) else []
    odd = _odd(brought)
    pipeline = computed("pipeline", scope=scope)
    lifecycle = computed("lifecycle", by=["channel"])
    open_deals = deals.Filter(status=DealStatus.OPEN, owners=sorted(scope.owners) if scope else None)
    newest = deals.deals(open_deals, limit=_EACH)
    mine = _figures(pipeline, deals.count(open_deals), scope)
    waiting, since = how_many_wait() if may(member.role, May.SET_UP) else (0, None)
    return Home(
        headline=headline(pipeline, lifecycle, computed("touches")) if member.role is Role.LEADER else [],
        figures=mine if scope else [*_whole_company(), *mine],
        pipeline=pipeline_card(pipeline) if pipeline.rows else None,
        lifecycle=lifecycle_card(lifecycle, most=_EACH) if lifecycle.rows else None,
        deals=rows_of(newest),
        touches=_touches(),
        odd=odd[:_MOST_ODD],
        more_odd=max(0, len(odd) - _MOST_ODD),
        imports=brought,
        accounts=accounting() if may(member.role, May.SET_UP) else [],
        held=_held() if may(member.role, May.SET_UP) else 0,
        waiting=waiting,
        waiting_since=None if since is None else since // 1000,
    )


def _figures(pipeline: Result, open_deals: int, scope: Scope | None) -> list[Figure]:
    """What the scope has: open deals, what they are worth, what was won."""
    worth = [row for row in pipeline.rows if row.key["status"] == "open"]
    won = [row for row in pipeline.rows if row.key["status"] == "won"]
    address = reverse("number", args=["pipeline"]) + (f"?scope={MINE}" if scope else "")
    return [
        Figure(_("Open deals"), grouped(open_deals), _deals_address(scope)),
        Figure(_("Open, worth"), amounts(worth) or UNKNOWN, address),
        Figure(_("Won"), amounts(won) or grouped(whole(won)), address),
    ]


def _whole_company() -> list[Figure]:
    """What nobody owns: it stands beside no figure that is cut to one seller."""
    return [
        Figure(_("People"), grouped(identity.count()), reverse("people")),
        Figure(_("Companies"), grouped(identity.count("company")), reverse("companies")),
    ]


def _deals_address(scope: Scope | None) -> str:
    return reverse("deals") + (f"?owner={MINE}" if scope else "")


def _held() -> int:
    return sum(one.messages - one.of_files for one in held_counts())


def _odd(brought: list[ImportState]) -> list[Odd]:
    return [
        Odd(state.source, state.id, file.file, oddity)
        for state in brought
        if state.report is not None and state.state == "done"
        for file in state.report.files
        for oddity in file.oddities
    ]


def _touches() -> list[TeamTouches]:
    """The latest touches of marketing, sales and the customer; teams without any left out."""
    # Those taken back since are not in force and fall away, so a few more are asked for than are shown.
    latest = _latest.get("touches", lambda: metrics.latest_touches(each=3 * _EACH_TEAM, until=now_millis()))
    told = told_about(Log().by_seq([seq for seqs in latest.values() for seq in seqs])) if latest else []
    names = names_in(told)
    found = []
    for team in (team.value for team in _TOUCHING if team.value in latest):
        mine: list[Told] = [one for one in told if one.line.team == team]
        mine.sort(key=lambda one: (one.line.happened_at is not None, one.line.happened_at or 0, one.line.seq))
        stream = stream_of(mine, names, about=frozenset(), zone=zone(), shown=_EACH_TEAM)
        found.append(TeamTouches(team, [line for chapter in stream.chapters for line in chapter.lines]))
    return found
