"""Users and one-time sign-in links. Private: never part of the state hash, never in the lake."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from twostroke.team.facts import Act, Role, Scope


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """A person who signs in. The address is kept in lower case and is the name to sign in with."""

    nature = "private"

    email = models.CharField(max_length=254, unique=True)
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=20, choices=[(role.value, role.value) for role in Role])
    is_active = models.BooleanField(default=True)
    # The key of the colleague, as files name sellers, that this user says they are.
    colleague = models.TextField(null=True, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name", "role"]
    objects = UserManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(role__in=[r.value for r in Role]), name="team_user_known_role")
        ]

    def __str__(self) -> str:
        return self.name


class SignInLink(models.Model):
    """A link that signs one user in once. Only its SHA-256 is kept."""

    nature = "private"

    digest = models.CharField(max_length=64, primary_key=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"sign-in link of {self.user}"


class WrongPassword(models.Model):
    """A failed sign-in, kept for a quarter of an hour as two SHA-256 digests: of the address tried, of where from."""

    nature = "private"

    address = models.CharField(max_length=64, db_index=True)
    place = models.CharField(max_length=64, db_index=True)
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"wrong password at {self.at}"


class AuditEntry(models.Model):
    """Who did what, when and through what. Only added to: triggers refuse to change or delete an entry."""

    nature = "private"

    id = models.BigAutoField(primary_key=True)
    at = models.BigIntegerField(db_index=True)
    # A number and no foreign key: an entry outlives the user it tells of.
    member = models.BigIntegerField(null=True, db_index=True)
    operator = models.CharField(max_length=80, default="")
    act = models.CharField(max_length=20)
    subject_kind = models.CharField(max_length=40, default="")
    subject = models.CharField(max_length=80, default="", db_index=True)
    how = models.CharField(max_length=80, default="")
    detail = models.TextField(default="{}")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(act__in=[a.value for a in Act]), name="team_audit_known_act"),
            models.CheckConstraint(
                condition=models.Q(member__isnull=True) & ~models.Q(operator="")
                | models.Q(member__isnull=False, operator=""),
                name="team_audit_by_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.subject_kind} {self.subject}".strip()


class Key(models.Model):
    """An API key, as SHA-256 of its text: it is long and random, so that a slow hash would protect nothing more."""

    nature = "private"

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=40)
    number = models.IntegerField()
    source = models.CharField(max_length=40)
    scope = models.CharField(max_length=20)
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=12)
    origins = models.TextField(default="[]")
    created_at = models.BigIntegerField()
    expires_at = models.BigIntegerField(null=True)
    revoked_at = models.BigIntegerField(null=True)
    last_used_at = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "number"], name="team_key_number"),
            models.CheckConstraint(condition=models.Q(scope__in=[s.value for s in Scope]), name="team_key_known_scope"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="team_key_counts_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.number}"


class WrongKey(models.Model):
    """Requests that came with a key nobody knows: how many in an hour from one place (an HMAC of its address)."""

    nature = "private"

    id = models.BigAutoField(primary_key=True)
    place = models.CharField(max_length=32)
    hour = models.BigIntegerField(db_index=True)
    count = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place", "hour"], name="team_wrongkey_place_and_hour")]

    def __str__(self) -> str:
        return f"{self.count} wrong keys"
