"""Lines of identity that say the same are told by their index: it is written anew from the log."""

from typing import Any, ClassVar

from django.db import migrations, models


def empty(apps: Any, schema_editor: Any) -> None:
    """The index follows from the log; rows of the old shape say less than the new one asks."""
    del apps
    schema_editor.execute("DELETE FROM identity_claimed")


def fold_again(apps: Any, schema_editor: Any) -> None:
    """Let the next look at the log fold all of it from its first line."""
    del apps
    schema_editor.execute("UPDATE ledger_cursor SET seq = -1 WHERE name = 'projections'")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("identity", "0001_initial"), ("ledger", "0003_guards_again")]

    operations: ClassVar = [
        migrations.RunPython(empty, migrations.RunPython.noop),
        migrations.RemoveConstraint("claimed", "identity_claimed_once"),
        migrations.AddField("claimed", "said", models.TextField(default=""), preserve_default=False),
        migrations.AddField("claimed", "recorded_at", models.BigIntegerField(default=0), preserve_default=False),
        migrations.AddConstraint(
            "claimed",
            models.UniqueConstraint(
                fields=["identifier", "kind", "what", "known", "said", "recorded_at", "seq"],
                name="identity_claimed_once",
            ),
        ),
        migrations.RunPython(fold_again, migrations.RunPython.noop),
    ]
