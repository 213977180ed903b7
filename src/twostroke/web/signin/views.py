"""Sign-in by a one-time link or a password, sign-out, a new password."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from twostroke.team.actions import TooManyTriesError, check_password, set_password, use_sign_in_link
from twostroke.team.facts import Member
from twostroke.team.models import User
from twostroke.web.access import member_asking, needs, open_to_all
from twostroke.web.templatetags.shell import THEMES

_BACKEND = "django.contrib.auth.backends.ModelBackend"
_YEAR = 365 * 24 * 3600


class SignInForm(forms.Form):
    """An address and a password."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class NewPasswordForm(forms.Form):
    """A new password, twice."""

    password = forms.CharField(
        label=gettext_lazy("New password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=gettext_lazy("The same again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, user: User, *args: object, **kwargs: object) -> None:
        self._user = user
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, self._user)
        return password

    def clean(self) -> dict[str, str]:
        given: dict[str, str] = super().clean() or {}
        if given.get("password") and given.get("again") and given["password"] != given["again"]:
            raise ValidationError(_("The two do not match. Type the same password in both fields."))
        return given


def _way_on(request: HttpRequest) -> str:
    """Where to go after sign-in: only ever an address of this site."""
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    # Anything but a path would be taken for the name of a page.
    return wanted if safe and wanted.startswith("/") else "/"


@open_to_all("how else would one come in")
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The form; with the right password the member comes in and goes where they were heading."""
    if request.method == "GET" and member_asking(request) is not None:
        return redirect(_way_on(request))
    form = SignInForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            user = check_password(
                email=form.cleaned_data["email"],
                password=form.cleaned_data["password"],
                come_from=request.META.get("REMOTE_ADDR", ""),
            )
        except TooManyTriesError as error:
            form.add_error(None, str(error))
            status = 429
        else:
            if user is not None:
                login(request, user, backend=_BACKEND)
                return redirect(_way_on(request))
            form.add_error(None, _("This address and password do not go together."))
    return render(request, "web/signin/sign_in.html", {"form": form, "next": _way_on(request)}, status=status)


@open_to_all("the link is the key")
@never_cache
@require_http_methods(["GET", "POST"])
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """A button that uses the link: programs that preview addresses ask with GET and must not spend it."""
    if request.method == "GET":
        return render(request, "web/signin/by_link.html", {"token": token})
    user = use_sign_in_link(token=token)
    if user is None:
        return render(request, "web/signin/spent_link.html", status=410)
    login(request, user, backend=_BACKEND)
    if not user.has_usable_password():
        messages.info(request, _("You are in. Set a password under Setup to come back without a link."))
    return redirect("/")


@open_to_all("going out needs no right")
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect("sign-in")


@needs()
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "POST"])
def new_password(request: HttpRequest, member: Member) -> HttpResponse:
    """Set one's own password; other sessions of the member end."""
    user = request.user
    if not isinstance(user, User):
        return redirect("sign-in")
    form = NewPasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        changed = set_password(member=member, password=form.cleaned_data["password"])
        update_session_auth_hash(request, changed)
        messages.success(request, _("Your password is set."))
        return redirect("setup")
    return render(request, "web/signin/new_password.html", {"form": form, "rules": password_validators_help_texts()})


@open_to_all("the sign-in page has a theme too")
@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Remember light, dark or auto for this browser."""
    chosen = request.POST.get("theme", "auto")
    answer = redirect(_way_on(request))
    if chosen in THEMES:
        answer.set_cookie("theme", chosen, max_age=_YEAR, samesite="Lax", secure=request.is_secure())
    return answer
