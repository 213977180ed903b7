"""In a demo's home only: who plays there, and changing from one of them to another with one press."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from twostroke.team.facts import Member
from twostroke.team.models import User
from twostroke.web.access import NOT_YOURS, needs

# The file that ``twostroke demo`` leaves in the home it made, and the accounts it made there.
MARK = "DEMO"
CAST: dict[str, str | Promise] = {
    "sam@demo.example": _("Sales"),
    "mara@demo.example": _("Marketing"),
    "lea@demo.example": _("Leader"),
    "ada@demo.example": _("Admin"),
}
_BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass(frozen=True, slots=True)
class Part:
    """Somebody one can look as: their address, what they are called, whether it is who looks now."""

    email: str
    title: str | Promise
    here: bool


def parts(member: Member | None) -> list[Part]:
    """Whom ``member`` may look as: the demo's cast, for one of them and in a demo's home; nobody anywhere else."""
    if member is None or member.email not in CAST or not (settings.TWOSTROKE_HOME.path / MARK).is_file():
        return []
    there = set(User.objects.filter(email__in=CAST, is_active=True).values_list("email", flat=True))
    return [Part(email, title, email == member.email) for email, title in CAST.items() if email in there]


@needs()
@require_POST
def see_as(request: HttpRequest, member: Member) -> HttpResponse:
    """Become another of the demo's cast and open their home; for anybody else there is no such page."""
    wanted = request.POST.get("email", "")
    if wanted not in {part.email for part in parts(member)}:
        raise Http404(NOT_YOURS)
    login(request, User.objects.get(email=wanted, is_active=True), backend=_BACKEND)
    return redirect("home")
