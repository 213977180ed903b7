"""A user may say which of the sellers that files name they are."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("team", "0004_api_keys"),
    ]

    operations = [
        migrations.AddField("user", "colleague", models.TextField(null=True, unique=True)),
    ]
