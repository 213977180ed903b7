"""What of the web stands in the audit: pages of one person, company or deal, exports, acts, the first page after a
sign-in. The same page looked at again within ten minutes is one look, so that reading does not write all the time.
"""

from __future__ import annotations

import time

from django.http import HttpRequest, HttpResponse

from twostroke.team.actions import note
from twostroke.team.facts import Act, Member

_LOOKED_UP = frozenset({"person", "company", "deal", "number-who", "quarantine-reason", "suggestions"})
_IMPORTING = frozenset({"import-new", "import-answer", "import-go"})
# What only changes how one's own pages look.
_NOTHING = frozenset({"theme", "see-as", "sign-out"})
# These note themselves what they were about, which their address does not say.
_NOTED_BY_THEMSELVES = frozenset(
    {"suggestion-join", "suggestion-part", "suggestion-back", "parked-again", "parked-leave"}
)
_SAME_LOOK_SECONDS = 600.0
_MOST_REMEMBERED = 10_000
_SIGNED_IN = "audited"
_looks: dict[tuple[int, str, str], float] = {}


def note_answer(request: HttpRequest, member: Member, answer: HttpResponse) -> None:
    """Write down what this answer gave to ``member``, where that belongs into the audit."""
    if not request.session.get(_SIGNED_IN):
        request.session[_SIGNED_IN] = True
        note(member, Act.SIGNED_IN, how="web")
    if answer.status_code >= 400:
        return
    page, subject = _asked_for(request)
    if request.method not in ("GET", "HEAD"):
        if page not in _NOTHING | _NOTED_BY_THEMSELVES:
            act = Act.IMPORTED if page in _IMPORTING else Act.CHANGED
            note(member, act, page.partition("-")[0], subject, how=f"web {page}")
    elif answer.headers.get("Content-Disposition", "").startswith("attachment"):
        note(member, Act.EXPORTED, page, subject, how=f"web {page}", type=answer.headers.get("Content-Type", ""))
    elif answer.status_code == 200 and page in _LOOKED_UP and _is_new_look(member, page, subject):
        note(member, Act.LOOKED_UP, page, subject, how=f"web {page}")


def _asked_for(request: HttpRequest) -> tuple[str, str]:
    """The name of the page, and whom or what it is of, by its id."""
    match = request.resolver_match
    if match is None:
        return "", ""
    return match.url_name or "", str(next(iter(match.kwargs.values()), ""))


def _is_new_look(member: Member, page: str, subject: str) -> bool:
    look, now = (member.id, page, subject), time.monotonic()
    if now - _looks.get(look, -_SAME_LOOK_SECONDS) < _SAME_LOOK_SECONDS:
        return False
    if len(_looks) >= _MOST_REMEMBERED:
        _looks.clear()
    _looks[look] = now
    return True
