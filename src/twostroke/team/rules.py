"""Who may do what. One table, read by every face."""

from __future__ import annotations

from twostroke.team.facts import May, Role

_EVERYBODY = frozenset({May.SEE_PEOPLE, May.SEE_DEALS, May.SEE_NUMBERS, May.LOG})

ALLOWED: dict[Role, frozenset[May]] = {
    Role.SALES: _EVERYBODY,
    Role.MARKETING: _EVERYBODY | {May.EXPORT, May.IMPORT},
    Role.LEADER: _EVERYBODY | {May.EXPORT},
    Role.ADMIN: _EVERYBODY | {May.EXPORT, May.IMPORT, May.UNDO_IMPORT, May.MERGE, May.SET_UP},
}


def may(role: Role | None, act: May) -> bool:
    """Whether a role may do an act; nobody (None) may do nothing."""
    return role is not None and act in ALLOWED[role]
