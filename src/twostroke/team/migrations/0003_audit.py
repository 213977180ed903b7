"""The audit, and the triggers that let nobody change it: written by hand, as Django would drop them with the table."""

from django.db import migrations, models

_REFUSED = "the audit is only added to"
_SQLITE = (
    "CREATE TRIGGER team_auditentry_no_{act} BEFORE {act} ON team_auditentry BEGIN SELECT RAISE(ABORT, '{said}'); END"
)
_FUNCTION = (
    "CREATE OR REPLACE FUNCTION team_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$BEGIN RAISE EXCEPTION '{_REFUSED}'; END$$"
)


def guard(apps, schema_editor):
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for act in ("update", "delete"):
                cursor.execute(_SQLITE.format(act=act, said=_REFUSED))
            return
        cursor.execute(_FUNCTION)
        for name, acts, each in (("no_change", "UPDATE OR DELETE", "ROW"), ("no_truncate", "TRUNCATE", "STATEMENT")):
            cursor.execute(
                f"CREATE TRIGGER team_auditentry_{name} BEFORE {acts} ON team_auditentry "
                f"FOR EACH {each} EXECUTE FUNCTION team_audit_refuse()"
            )
            cursor.execute(f"ALTER TABLE team_auditentry ENABLE ALWAYS TRIGGER team_auditentry_{name}")


class Migration(migrations.Migration):
    dependencies = [
        ("team", "0002_wrong_password"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.BigIntegerField(db_index=True)),
                ("member", models.BigIntegerField(db_index=True, null=True)),
                ("operator", models.CharField(default="", max_length=80)),
                ("act", models.CharField(max_length=20)),
                ("subject_kind", models.CharField(default="", max_length=40)),
                ("subject", models.CharField(db_index=True, default="", max_length=80)),
                ("how", models.CharField(default="", max_length=80)),
                ("detail", models.TextField(default="{}")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("act__in", ["signed in", "looked up", "exported", "changed", "erased", "imported"])
                        ),
                        name="team_audit_known_act",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("member__isnull", True), models.Q(("operator", ""), _negated=True)),
                            models.Q(("member__isnull", False), ("operator", "")),
                            _connector="OR",
                        ),
                        name="team_audit_by_one",
                    ),
                ],
            },
        ),
        migrations.RunPython(guard, migrations.RunPython.noop, elidable=False),
    ]
