"""SO FAR: a person, company or deal as one sentence, by rules; each clause leads to the line it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from twostroke.ledger.facts import Told
from twostroke.web.telling import channel_words, stage_words

_DAY = 86_400_000
_MOST = 7


@dataclass(frozen=True, slots=True)
class Clause:
    """A few words of the sentence and the seq of the line they rest on, None where they rest on several rooms."""

    text: str
    seq: int | None = None


def _times(n: int) -> str:
    return _("once") if n == 1 else _("twice") if n == 2 else _("%(n)d times") % {"n": n}


# What each kind of act says: (kind, words for n of them). In the order in which a story is told.
_ACTS: tuple[tuple[str, str, str], ...] = (
    ("page.viewed", "viewed %(n)d page", "viewed %(n)d pages"),
    ("content.downloaded", "downloaded something", "downloaded %(n)d things"),
    ("video.watched", "watched a video", "watched %(n)d videos"),
    ("event.attended", "came to an event", "came to %(n)d events"),
    ("card.taken", "gave us a card", "gave us a card %(n)d times"),
    ("signup.completed", "signed up", "signed up %(n)d times"),
    ("form.submitted", "sent a form", "sent %(n)d forms"),
    ("mail.sent", "got %(n)d mail from us", "got %(n)d mails from us"),
    ("mail.opened", "opened %(n)d of our mails", "opened %(n)d of our mails"),
    ("mail.replied", "answered %(n)d mail", "answered %(n)d mails"),
    ("call.made", "was called once", "was called %(n)d times"),
    ("meeting.held", "met us once", "met us %(n)d times"),
    ("visit.made", "was visited once", "was visited %(n)d times"),
    ("meeting.requested", "asked for a meeting", "asked for a meeting %(n)d times"),
    ("proposal.sent", "got a proposal", "got %(n)d proposals"),
    ("ticket.opened", "asked for help", "asked for help %(n)d times"),
    ("order.placed", "ordered once", "ordered %(n)d times"),
    ("deal.opened", "a deal was opened", "%(n)d deals were opened"),
    ("deal.won", "a deal was won", "%(n)d deals were won"),
    ("deal.lost", "a deal was lost", "%(n)d deals were lost"),
)


def so_far(lines: Sequence[Told], *, now: int, stage: str | None = None) -> list[Clause]:
    """The clauses of the sentence, from ``lines`` in fold order; empty where there is nothing to tell.

    ``now`` in ms since 1970 UTC; ``stage`` is where they stand in the lifecycle.
    """
    if not lines:
        return []
    clauses = _beginning(lines, now)
    by_kind: dict[str, list[Told]] = {}
    for told in lines:
        by_kind.setdefault(told.line.kind, []).append(told)
    acts = [_act(by_kind[kind], one, many) for kind, one, many in _ACTS if kind in by_kind]
    clauses += _visits(by_kind.get("person.described", []))
    # The end of the story matters more than its middle.
    clauses += acts[-(_MOST - len(clauses)) :]
    if stage is not None:
        clauses.append(Clause(_("stands at %(stage)s") % {"stage": stage_words(stage)}))
    return [
        Clause(_capital(clause.text) if place == 0 else clause.text, clause.seq) for place, clause in enumerate(clauses)
    ]


def _beginning(lines: Sequence[Told], now: int) -> list[Clause]:
    dated = [told for told in lines if told.line.happened_at is not None]
    by_channel = next((told for told in [*dated, *lines] if told.line.channel), None)
    first = dated[0] if dated else None
    when = _(" %(ago)s ago") % {"ago": span(now - (first.line.happened_at or 0))} if first is not None else ""
    if by_channel is not None:
        return [
            Clause(
                _("came by %(channel)s") % {"channel": channel_words(by_channel.line.channel)} + when,
                by_channel.line.seq,
            )
        ]
    if first is not None:
        return [
            Clause(_("on the log for %(time)s") % {"time": span(now - (first.line.happened_at or 0))}, first.line.seq)
        ]
    return [Clause(_("on the log without a date"), lines[0].line.seq)]


def _visits(described: Sequence[Told]) -> list[Clause]:
    found = next((told for told in reversed(described) if told.properties.get("visits")), None)
    if found is None:
        return []
    return [
        Clause(_("visited the site %(times)s") % {"times": _times(int(found.properties["visits"]))}, found.line.seq)
    ]


def _act(told: Sequence[Told], one: str, many: str) -> Clause:
    words = ngettext(one, many, len(told))
    return Clause(words % {"n": len(told)} if "%(n)d" in words else words, told[-1].line.seq)


def span(millis: int) -> str:
    """A length of time in one round unit: ``6 weeks``."""
    days = max(0, millis) // _DAY
    if days < 1:
        hours = max(0, millis) // 3_600_000
        if not hours:
            return _("less than an hour")
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    if days < 21:
        return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    if days < 90:
        return _("%(n)d weeks") % {"n": round(days / 7)}
    if days < 730:
        return _("%(n)d months") % {"n": round(days / 30.44)}
    return _("%(n)d years") % {"n": round(days / 365.25)}


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
