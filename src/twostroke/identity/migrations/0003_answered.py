"""Suggestions tell what a split has answered from what was said since: they are written anew from the log."""

from typing import Any, ClassVar

from django.db import migrations


def fold_again(apps: Any, schema_editor: Any) -> None:
    """Let the next look at the log fold all of it from its first line."""
    del apps
    schema_editor.execute("UPDATE ledger_cursor SET seq = -1 WHERE name = 'projections'")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("identity", "0002_said_once"), ("ledger", "0003_guards_again")]

    operations: ClassVar = [migrations.RunPython(fold_again, migrations.RunPython.noop)]
