"""What a member's home has to say, from the rooms' doors."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from twostroke.deals import queries as deals
from twostroke.deals.facts import DealStatus
from twostroke.intake.queries import ImportState, imports
from twostroke.ledger.facts import Stroke, Team, Told
from twostroke.ledger.queries import Log, accounting, head_seq, lines_after, zone
from twostroke.team.facts import May, Member
from twostroke.team.rules import may
from twostroke.web.companies.reading import keys_by_name as companies
from twostroke.web.deals.reading import rows_of
from twostroke.web.home.shapes import Figure, Home, Odd, TeamTouches
from twostroke.web.lines import told_about
from twostroke.web.naming import names_in
from twostroke.web.numbers.lifecycle import lifecycle_card
from twostroke.web.numbers.pipeline import pipeline_card
from twostroke.web.numbers.reading import amounts, computed
from twostroke.web.people.reading import keys_by_name as people
from twostroke.web.stream import stream_of
from twostroke.web.templatetags.say import grouped

_LOOKED_BACK = 1000
_EACH = 6
_MOST_ODD = 6


def home_of(member: Member) -> Home:
    """The blocks of this member's home."""
    brought = imports(limit=5) if may(member.role, May.IMPORT) else []
    odd = _odd(brought)
    pipeline = computed("pipeline")
    lifecycle = computed("lifecycle", by=["channel"])
    newest = deals.deals(deals.Filter(status=DealStatus.OPEN), limit=_EACH)
    won = [row for row in pipeline.rows if row.key["status"] == "won"]
    figures = [
        Figure(_("People"), grouped(len(people())), reverse("people")),
        Figure(_("Companies"), grouped(len(companies())), reverse("companies")),
        Figure(_("Open deals"), grouped(deals.count(deals.Filter(status=DealStatus.OPEN))), reverse("deals")),
        Figure(_("Won"), amounts(won) or grouped(sum(int(row.measures["count"]) for row in won)), reverse("numbers")),
        Figure(_("Lines on the log"), grouped(head_seq()), ""),
    ]
    return Home(
        figures=figures,
        pipeline=pipeline_card(pipeline) if pipeline.rows else None,
        lifecycle=lifecycle_card(lifecycle, most=_EACH) if lifecycle.rows else None,
        newest_deals=rows_of(newest),
        touches=_touches(),
        odd=odd[:_MOST_ODD],
        more_odd=max(0, len(odd) - _MOST_ODD),
        imports=brought,
        accounts=accounting() if may(member.role, May.SET_UP) else [],
    )


def _odd(brought: list[ImportState]) -> list[Odd]:
    return [
        Odd(state.source, state.id, file.file, oddity)
        for state in brought
        if state.report is not None and state.state == "done"
        for file in state.report.files
        for oddity in file.oddities
    ]


def _touches() -> list[TeamTouches]:
    """The latest touches of marketing, sales and the customer among the newest lines; teams without one left out."""
    newest = lines_after(max(0, head_seq() - _LOOKED_BACK), _LOOKED_BACK)
    touching = [line.seq for line in newest if line.stroke != Stroke.NONE]
    told = told_about(Log().by_seq(touching)) if touching else []
    names = names_in(told)
    found = []
    for team in (Team.MARKETING, Team.SALES, Team.CUSTOMER):
        mine: list[Told] = [one for one in told if one.line.team == team]
        stream = stream_of(mine, names, about=frozenset(), zone=zone(), shown=_EACH)
        lines = [line for chapter in stream.chapters for line in chapter.lines]
        if lines:
            found.append(TeamTouches(team.value, lines))
    return found
