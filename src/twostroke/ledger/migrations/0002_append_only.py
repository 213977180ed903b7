"""The head row, byte order for text on PostgreSQL, and the triggers. Written by hand: see ``ledger.triggers``."""

from django.db import migrations

from twostroke.ledger import triggers

BYTE_ORDERED = {
    "ledger_line": ("source", "message_id", "identifier", "company", "actor", "subject", "batch", "event_id", "kind"),
    "ledger_attestation": ("source", "record", "message_id", "batch"),
    "ledger_batch": ("batch", "source"),
    "ledger_dirty": ("projection", "unit"),
    "ledger_tally": ("source",),
}


def forwards(apps, schema_editor):
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for table, columns in BYTE_ORDERED.items():
                changes = ", ".join(f'ALTER COLUMN "{column}" TYPE text COLLATE "C"' for column in columns)
                cursor.execute(f"ALTER TABLE {table} {changes}")
        cursor.execute(
            "INSERT INTO ledger_head (id, seq, recorded_at, commit_number, hash) VALUES (1, 0, 0, 0, %s)", ["0" * 64]
        )
    triggers.create(connection)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop, elidable=False)]
