"""Adding users, and the links that sign them in."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from django.db import transaction
from django.utils import timezone

from twostroke.team.facts import Member, Role
from twostroke.team.models import SignInLink, User
from twostroke.team.queries import member_of

LINK_LASTS = dt.timedelta(hours=24)


class UnknownUser(LookupError):
    """Nobody has this address."""


@transaction.atomic
def add_user(*, email: str, name: str, role: Role, password: str | None = None) -> Member:
    """Add a user, or give an existing one this name and role. Without a password they come in by a link only."""
    user, _ = User.objects.get_or_create(email=email.strip().lower(), defaults={"name": name, "role": role.value})
    user.name, user.role = name, role.value
    if password is not None:
        user.set_password(password)
    elif not user.password:
        user.set_unusable_password()
    user.save()
    return member_of(user)


def make_sign_in_link(*, email: str) -> str:
    """A token that signs the user in once within 24 hours. Raises ``UnknownUser``."""
    user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if user is None:
        raise UnknownUser(f"Nobody here has the address {email}. Add them with: twostroke users add")
    token = secrets.token_urlsafe(32)
    SignInLink.objects.create(digest=_digest(token), user=user, expires_at=timezone.now() + LINK_LASTS)
    return token


@transaction.atomic
def use_sign_in_link(*, token: str) -> User | None:
    """The user whose link this is, and the link is spent; None where it is unknown, spent or too old."""
    link = SignInLink.objects.select_for_update().select_related("user").filter(digest=_digest(token)).first()
    if link is None or link.used_at is not None or link.expires_at < timezone.now() or not link.user.is_active:
        return None
    link.used_at = timezone.now()
    link.save(update_fields=["used_at"])
    return link.user


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
