"""Put the triggers as the program has them now, also where an earlier set of them stands."""

from django.db import migrations

from twostroke.ledger import triggers


def forwards(apps, schema_editor):
    triggers.create(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_append_only")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop, elidable=False)]
