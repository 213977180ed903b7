"""From lines on the log to what a page shows of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.http import HttpRequest

from twostroke.intake.queries import done_by_machines, verdicts_of
from twostroke.ledger.facts import Line, Told
from twostroke.ledger.queries import Log, told, zone
from twostroke.web.naming import names_in
from twostroke.web.stream import SHOWN_AT_ONCE, Stream, stream_of


def told_about(lines: Sequence[Line]) -> list[Told]:
    """The lines with their properties and personal parts opened, each once, in the order given."""
    once = {line.seq: line for line in lines}
    return told(list(once.values()), Log())


def stream_for(request: HttpRequest, lines: Sequence[Told], *, about: Collection[str]) -> Stream:
    """The stream of these lines: the newest ones, all of them with ``?lines=all``."""
    shown = len(lines) if request.GET.get("lines") == "all" else SHOWN_AT_ONCE
    verdicts = verdicts_of([one.line for one in lines])
    return stream_of(lines, names_in(lines), about=frozenset(about), zone=zone(), shown=shown, verdicts=verdicts)


def by_people(lines: Sequence[Told]) -> list[Told]:
    """The lines without those that machines did."""
    machines = done_by_machines([one.line for one in lines])
    return [one for one in lines if one.line.seq not in machines]
