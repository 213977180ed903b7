"""How the tables stand to this program: older, newer, and whether the log is still protected. Asked at every start."""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps
from django.db import connections
from django.db.migrations.loader import MigrationLoader

from twostroke import __version__
from twostroke.ledger import triggers


@dataclass(frozen=True, slots=True)
class Schema:
    """Steps the database has not made yet, steps this program does not know, triggers of the log that are gone."""

    missing_steps: tuple[str, ...]
    unknown_steps: tuple[str, ...]
    missing_triggers: tuple[str, ...]

    @property
    def fits(self) -> bool:
        """Whether this program may read and write these tables."""
        return not (self.missing_steps or self.unknown_steps or self.missing_triggers)

    def sentence(self) -> str:
        """What is wrong and what to do, for people; empty where the tables fit."""
        if self.unknown_steps:
            return (
                f"the database was changed by a newer Twostroke ({self.unknown_steps[-1]} is unknown to this one, "
                f"{__version__}). Install that version or a newer one; nothing was touched."
            )
        if self.missing_steps:
            return (
                f"the database is older than this program ({self.missing_steps[0]} is to come). "
                "Bring it up to date with: twostroke init"
            )
        if self.missing_triggers:
            return (
                f"the log is not protected: {', '.join(self.missing_triggers)} is not there as it should be, so "
                "somebody changed the database by hand. See whether lines were changed with: twostroke verify. Then "
                "bring back a backup."
            )
        return ""


def stands(using: str = "default") -> Schema:
    """How the tables stand. Triggers are only looked for where all steps were made."""
    connection = connections[using]
    loader = MigrationLoader(connection)
    known, applied = loader.disk_migrations or {}, loader.applied_migrations or {}
    here = {config.label for config in apps.get_app_configs()}
    unknown = sorted(f"{app}.{name}" for app, name in applied if app in here and (app, name) not in known)
    missing = sorted(f"{app}.{name}" for app, name in loader.graph.nodes if (app, name) not in applied)
    gone = [] if missing or unknown else triggers.missing(connection)
    return Schema(tuple(missing), tuple(unknown), tuple(gone))
