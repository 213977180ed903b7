"""Adding users, and the links that sign them in."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from django.contrib.auth.backends import ModelBackend
from django.db import transaction
from django.utils import timezone

from twostroke.team.audit import note
from twostroke.team.facts import Act, Member, Role
from twostroke.team.keys import (
    KeyRefusedError,
    allow_origins,
    create_key,
    expire_key,
    note_use,
    revoke_key,
    rotate_key,
)
from twostroke.team.models import SignInLink, User, WrongPassword
from twostroke.team.queries import member_of

__all__ = [
    "Act",
    "ColleagueTakenError",
    "KeyRefusedError",
    "TooManyTriesError",
    "UnknownUserError",
    "add_user",
    "allow_origins",
    "check_password",
    "claim_colleague",
    "create_key",
    "expire_key",
    "make_sign_in_link",
    "note",
    "note_use",
    "revoke_key",
    "rotate_key",
    "set_password",
    "use_sign_in_link",
]
LINK_LASTS = dt.timedelta(hours=24)
TRIES = 8
TRIES_OF_ONE_PLACE = 60
TRIES_FORGOTTEN_AFTER = dt.timedelta(minutes=15)


class UnknownUserError(LookupError):
    """Nobody has this address."""


class ColleagueTakenError(Exception):
    """Another user said before that they are this colleague."""


class TooManyTriesError(Exception):
    """Too many wrong passwords for this address, or from this place, lately."""


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


@transaction.atomic
def claim_colleague(*, member: Member, colleague: str | None) -> Member:
    """Note which colleague of the files this member is (a colleague's key), or with None that they are none of them.

    What that colleague owns is theirs from then on. Raises ``ColleagueTakenError`` where another user is that one.
    """
    if colleague is not None:
        other = User.objects.select_for_update().filter(colleague=colleague).exclude(pk=member.id).first()
        if other is not None:
            raise ColleagueTakenError(f"{other.name} ({other.email}) said before that they are this colleague.")
    User.objects.filter(pk=member.id).update(colleague=colleague)
    return member_of(User.objects.get(pk=member.id))


def make_sign_in_link(*, email: str) -> str:
    """A token that signs the user in once within 24 hours. Raises ``UnknownUserError``."""
    user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if user is None:
        raise UnknownUserError(f"Nobody here has the address {email}. Add them with: twostroke users add")
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


def check_password(*, email: str, password: str, come_from: str) -> User | None:
    """The active user with this address and password, else None; a wrong try is counted for 15 minutes.

    Raises ``TooManyTriesError`` after 8 wrong tries for one address or 60 from one place, whether or not the address is
    anybody's: the answer must not tell who works here.
    """
    address, place = _digest(email.strip().lower()), _digest(come_from)
    since = timezone.now() - TRIES_FORGOTTEN_AFTER
    recent = WrongPassword.objects.filter(at__gte=since)
    if recent.filter(address=address).count() >= TRIES or recent.filter(place=place).count() >= TRIES_OF_ONE_PLACE:
        minutes = int(TRIES_FORGOTTEN_AFTER.total_seconds() // 60)
        raise TooManyTriesError(f"Too many wrong tries. Wait {minutes} minutes, or use a sign-in link.")
    # Django's backend hashes for unknown addresses too, so that the time taken tells nothing.
    user = ModelBackend().authenticate(None, username=email.strip().lower(), password=password)
    if isinstance(user, User):
        WrongPassword.objects.filter(address=address).delete()
        return user
    WrongPassword.objects.filter(at__lt=since).delete()
    WrongPassword.objects.create(address=address, place=place, at=timezone.now())
    return None


@transaction.atomic
def set_password(*, member: Member, password: str) -> User:
    """Give the member this password; every session of theirs but the caller's own refresh ends."""
    user = User.objects.get(pk=member.id)
    user.set_password(password)
    user.save(update_fields=["password"])
    return user


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
