"""The book of who looked up, exported, changed, erased and imported what. Only added to; names nobody but members."""

from __future__ import annotations

from typing import Any

import msgspec

from twostroke.kit.time import now_micros
from twostroke.team.facts import Act, Audited, Member
from twostroke.team.models import AuditEntry, User


def note(
    member: Member | None,
    act: Act,
    subject_kind: str = "",
    subject: str = "",
    *,
    how: str = "",
    operator: str = "",
    **detail: Any,
) -> None:
    """Write down that ``member`` (None: somebody at the machine, by the ``operator``'s account there) did ``act``.

    ``subject`` is an opaque id, the id of an import or the name of a metric; never a value of a person. ``how`` names
    the page or the verb. ``detail``: short facts without anything personal (a format, a number of rows).
    """
    AuditEntry.objects.create(
        at=now_micros(),
        member=None if member is None else member.id,
        operator=operator,
        act=act.value,
        subject_kind=subject_kind,
        subject=subject,
        how=how,
        detail=msgspec.json.encode(detail).decode(),
    )


def audited(
    *,
    act: Act | None = None,
    subject: str | None = None,
    member: int | None = None,
    since: int | None = None,
    limit: int = 200,
) -> list[Audited]:
    """What was written down, the newest first. ``since``: microseconds since 1970 UTC."""
    rows = AuditEntry.objects.order_by("-id")
    wanted = {"act": None if act is None else act.value, "subject": subject, "member": member, "at__gte": since}
    rows = rows.filter(**{name: value for name, value in wanted.items() if value is not None})
    found = list(rows[:limit])
    names = dict(User.objects.filter(pk__in={row.member for row in found if row.member}).values_list("pk", "name"))
    return [
        Audited(
            at=row.at,
            member=row.member,
            who=names.get(row.member, f"member {row.member}") if row.member else f"{row.operator} at the machine",
            act=Act(row.act),
            subject_kind=row.subject_kind,
            subject=row.subject,
            how=row.how,
            detail=msgspec.json.decode(row.detail),
        )
        for row in found
    ]
