"""The list of deals, and one deal."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from twostroke.deals import queries
from twostroke.deals.facts import DealStatus
from twostroke.deals.queries import Filter
from twostroke.identity.queries import colleagues, identifiers
from twostroke.kit.money import to_decimal
from twostroke.kit.time import now_millis
from twostroke.ledger.queries import Log
from twostroke.metrics.facts import Scope
from twostroke.team.facts import May, Member
from twostroke.web.access import NOT_YOURS, needs
from twostroke.web.deals.reading import rows_of
from twostroke.web.deals.shapes import DealRow
from twostroke.web.export import LONGEST, as_file, wanted_format
from twostroke.web.lines import stream_for, told_about
from twostroke.web.mine import MINE, scope_of
from twostroke.web.paging import AT_ONCE, list_template, offset_of, page_of
from twostroke.web.sofar import so_far

_MOST_OTHERS = 12


@needs(May.SEE_DEALS)
@require_safe
def deal_list(request: HttpRequest, member: Member) -> HttpResponse:
    """Deals by status, stage and owner; with ``?format=`` all that match as a file."""
    mine = scope_of(member)
    wanted, status = _filter(request, mine)
    format_ = wanted_format(request, member)
    if format_ is not None:
        return as_file("deals", format_, [_exported(row) for row in rows_of(queries.deals(wanted, limit=LONGEST))])
    total = queries.count(wanted)
    offset = offset_of(request, total)
    rows = rows_of(queries.deals(wanted, limit=AT_ONCE, offset=offset))
    counts = {one: queries.count(Filter(status=one)) for one in DealStatus}
    context: dict[str, Any] = {
        "page": page_of(request, rows, total=total, offset=offset),
        "status": status,
        "stage": request.GET.get("stage", ""),
        "owner": request.GET.get("owner", ""),
        "anything": sum(counts.values()),
        "statuses": [
            ("open", _("Open"), counts[DealStatus.OPEN]),
            ("won", _("Won"), counts[DealStatus.WON]),
            ("lost", _("Lost"), counts[DealStatus.LOST]),
            ("all", _("All"), sum(counts.values())),
        ],
        "stages": [(name, n) for name, n in queries.open_stages() if name],
        "owners": colleagues(),
        "mine": mine,
        "query": request.GET.urlencode(),
    }
    return render(request, list_template(request, "deals"), context)


@needs(May.SEE_DEALS)
@require_safe
def one_deal(request: HttpRequest, member: Member, subject: str) -> HttpResponse:
    """A deal with its stream."""
    deal = queries.deal(subject)
    if deal is None:
        raise Http404(NOT_YOURS)
    [row] = rows_of([deal])
    lines = told_about(Log().of_subjects([subject]))
    others = [] if deal.company is None else queries.deals(Filter(companies=[deal.company]), limit=_MOST_OTHERS + 1)
    context = {
        "deal": deal,
        "title": row.title if row.deal.name or not row.product else f"{row.title}, {row.product.name}",
        "key": row.key,
        "company": row.company,
        "person": row.person,
        "owner": row.owner,
        "product": row.product,
        "clauses": so_far(lines, now=now_millis()),
        "stream": stream_for(request, lines, about={subject, *([deal.company] if deal.company else [])}),
        "others": rows_of([other for other in others if other.subject != subject][:_MOST_OTHERS]),
    }
    return render(request, "web/deals/one.html", context)


def _filter(request: HttpRequest, mine: Scope | None) -> tuple[Filter, str]:
    asked = request.GET.get("status", "open")
    status = DealStatus(asked) if asked in set(DealStatus) else None
    stage = request.GET.get("stage") if status is DealStatus.OPEN else None
    return (
        Filter(status=status, stage=stage or None, owners=_owners(request.GET.get("owner", ""), mine)),
        "all" if status is None else status.value,
    )


def _owners(asked: str, mine: Scope | None) -> list[str] | None:
    """All ids of the owner asked for: one seller may stand in several files under several."""
    if not asked:
        return None
    if asked == MINE:
        return sorted(mine.owners) if mine else []
    return identifiers(asked, "colleague") or [asked]


def _exported(row: DealRow) -> dict[str, Any]:
    deal = row.deal
    amount = (
        None
        if deal.amount_minor is None or deal.currency is None
        else str(to_decimal(deal.amount_minor, deal.currency))
    )
    return {
        "deal": row.deal.name or row.key,
        "company": row.company.name if row.company else None,
        "status": deal.status.value,
        "stage": deal.stage,
        "amount": amount,
        "currency": deal.currency,
        "owner": row.owner.name if row.owner else None,
        "product": row.product.name if row.product else None,
        "opened_at": deal.opened_at,
        "closed_at": deal.closed_at,
        "source": deal.source,
    }
