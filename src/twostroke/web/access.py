"""The guard before every screen: who asks, and may they. What one may not see does not exist."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec
from urllib.parse import quote

from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from twostroke.team.facts import May, Member
from twostroke.team.models import User
from twostroke.team.queries import member_of
from twostroke.team.rules import may
from twostroke.web.noting import note_answer

P = ParamSpec("P")
Guarded = Callable[Concatenate[HttpRequest, Member, P], HttpResponse]
Open = Callable[Concatenate[HttpRequest, P], HttpResponse]

NOT_YOURS = "no such page, or not yours to see"


def member_asking(request: HttpRequest) -> Member | None:
    """Who asks; None where nobody is signed in."""
    user = getattr(request, "user", None)
    return member_of(user) if isinstance(user, User) and user.is_active else None


def needs(*acts: May) -> Callable[[Guarded[P]], Open[P]]:
    """Let a view answer only members who may do all of ``acts`` (none named: any member); it gets the member.

    Strangers are sent to sign in and come back; members without the right are told there is no such page.
    """

    def guard(view: Guarded[P]) -> Open[P]:
        @functools.wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            member = member_asking(request)
            if member is None:
                return _sign_in_first(request)
            if not all(may(member.role, act) for act in acts) or _names_nothing(request):
                raise Http404(NOT_YOURS)
            if any("\0" in value for _name, values in request.POST.lists() for value in values):
                raise SuspiciousOperation("a NUL was sent: no text holds one")
            answer = view(request, member, *args, **kwargs)
            note_answer(request, member, answer)
            # Names of people must not stay in a shared computer's cache after sign-out.
            answer.headers.setdefault("Cache-Control", "private, no-store")
            return answer

        guarded.policy = acts  # type: ignore[attr-defined]  # read by the test that no view is without one
        return guarded

    return guard


def open_to_all(why: str) -> Callable[[Callable[P, HttpResponse]], Callable[P, HttpResponse]]:
    """Mark a view that answers strangers, and say why it must."""

    def mark(view: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
        marked: Any = view
        marked.open_because = why
        return view

    return mark


def _names_nothing(request: HttpRequest) -> bool:
    """Whether the address holds a NUL: nothing is called so, and PostgreSQL refuses to be asked for it."""
    return "\0" in request.path or "%00" in request.META.get("QUERY_STRING", "")


def _sign_in_first(request: HttpRequest) -> HttpResponse:
    address = f"{reverse('sign-in')}?next={quote(request.get_full_path())}"
    if request.headers.get("HX-Request"):
        # A part of a page must not be filled with the sign-in form: the whole page goes there.
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("sign-in")})
    return redirect(address)
