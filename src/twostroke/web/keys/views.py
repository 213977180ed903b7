"""Setup → Keys: the list, a form for a new one, and what ends or renews one. A key is shown once, right after."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from twostroke.kit.time import now_millis
from twostroke.team import actions, queries
from twostroke.team.facts import IssuedKey, May, Member, Scope
from twostroke.web.access import needs


class NewKey(forms.Form):
    """A key to be made."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=40,
        help_text=gettext_lazy("Small letters, digits, - and _, such as web or shop-server."),
    )
    scope = forms.ChoiceField(
        label=gettext_lazy("What it opens"),
        choices=[
            (Scope.INTAKE_PUBLIC.value, gettext_lazy("Public: for web pages. What it says is a claim")),
            (Scope.INTAKE_SECRET.value, gettext_lazy("Secret: for your servers. What it says is true")),
        ],
    )
    source = forms.CharField(
        label=gettext_lazy("Source"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("Whose messages they are. A site and its server are one source. Empty: the name."),
    )
    origins = forms.CharField(
        label=gettext_lazy("Web pages that may send with it"),
        required=False,
        help_text=gettext_lazy("For public keys: https://www.example.com, several with spaces between."),
    )


@needs(May.SET_UP)
@require_http_methods(["GET", "POST"])
def keys(request: HttpRequest, member: Member) -> HttpResponse:
    """The keys there are, and a form for the next one."""
    form = NewKey(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            issued = actions.create_key(
                name=given["name"],
                scope=Scope(given["scope"]),
                source=given["source"] or None,
                origins=given["origins"].split(),
            )
            return _page(request, NewKey(), issued)
        except actions.KeyRefusedError as refused:
            form.add_error(None, str(refused))
    return _page(request, form)


@needs(May.SET_UP)
@require_POST
def rotate(request: HttpRequest, member: Member, name: str) -> HttpResponse:
    """The next key of this name; the one before goes on for a week."""
    try:
        return _page(request, NewKey(), actions.rotate_key(name=name))
    except actions.KeyRefusedError as refused:
        messages.error(request, str(refused))
        return redirect("keys")


@needs(May.SET_UP)
@require_POST
def revoke(request: HttpRequest, member: Member, name: str) -> HttpResponse:
    """End all keys of this name at once."""
    try:
        actions.revoke_key(name=name)
        messages.success(request, _("The key %(name)s has ended.") % {"name": name})
    except actions.KeyRefusedError as refused:
        messages.error(request, str(refused))
    return redirect("keys")


def _page(request: HttpRequest, form: NewKey, issued: IssuedKey | None = None) -> HttpResponse:
    now = now_millis()
    rows = [{"key": one, "state": one.standing(now).value} for one in queries.api_keys()]
    wrong, places = queries.wrong_keys()
    context: dict[str, Any] = {"form": form, "issued": issued, "rows": rows, "wrong": wrong, "places": places}
    return render(request, "web/keys/keys.html", context)
