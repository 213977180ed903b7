"""Which verbs stand in the audit, and as what."""

from __future__ import annotations

import argparse
import getpass
import sys

# A verb that is not here shows no person and changes nothing.
ACTS = {
    "timeline": "looked up",
    "find": "looked up",
    "export-person": "exported",
    "export": "exported",
    "import": "imported",
    "undo": "changed",
    "merge": "changed",
    "unmerge": "changed",
    "split": "changed",
    "apart": "changed",
    "suggestions": "looked up",
    "users": "changed",
    "link": "changed",
    "keys": "changed",
    "quarantine": "changed",
    "parked": "changed",
    "restore": "changed",
    "erase": "erased",
}
# Acts of such a verb that only look at what names nobody.
ONLY_LOOKING = frozenset({"list"})
# These show or give out persons only with this option.
ONLY_WITH = {"imports": ("rejected", "exported"), "metric": ("people", "looked up")}


def note_verb(name: str, options: argparse.Namespace) -> None:
    """Write into the audit that somebody at the machine ran this verb. ``options.noted``: about whom (kind, id)."""
    act = _act(name, options)
    if act is None:
        return
    from django.db import DatabaseError

    from twostroke.team.actions import Act, note

    try:
        for kind, subject in getattr(options, "noted", None) or [("", "")]:
            note(None, Act(act), kind, subject, how=f"twostroke {name}", operator=_operator())
    except DatabaseError:
        print("This could not be written into the audit: the database refused it.", file=sys.stderr)


def _act(name: str, options: argparse.Namespace) -> str | None:
    if getattr(options, "dry_run", False) or getattr(options, "act", None) in ONLY_LOOKING:
        return None
    if name in ONLY_WITH:
        option, act = ONLY_WITH[name]
        return act if getattr(options, option, False) else None
    return "looked up" if getattr(options, "act", None) == "show" else ACTS.get(name)


def _operator() -> str:
    try:
        return getpass.getuser()[:80] or "somebody"
    except (OSError, KeyError):
        return "somebody"
