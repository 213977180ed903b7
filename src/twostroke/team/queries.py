"""Who is here."""

from __future__ import annotations

from twostroke.team.audit import audited
from twostroke.team.facts import Member, Role
from twostroke.team.keys import ANY_ORIGIN, api_keys, digest_of, live_keys, wrong_keys
from twostroke.team.models import User

__all__ = ["ANY_ORIGIN", "api_keys", "audited", "digest_of", "live_keys", "member_of", "members", "wrong_keys"]


def member_of(user: User) -> Member:
    """The user as a fact."""
    return Member(id=user.pk, email=user.email, name=user.name, role=Role(user.role), colleague=user.colleague)


def members() -> list[Member]:
    """All active users, by name."""
    return [member_of(user) for user in User.objects.filter(is_active=True).order_by("name", "email")]
