"""The other process of ``rebuild --check``: folds a copy of the log in a scratch database.

``python -m twostroke.ledger.replay`` with TWOSTROKE_DATABASE_URL naming an empty SQLite file: makes its tables, says
``ready``, waits until a line comes in (the truth is then copied), folds, says ``done``. No reaction runs.
"""

from __future__ import annotations

import sys

import django
from django.core.management import call_command
from django.db import connection


def main() -> None:
    """Make tables, wait, fold."""
    django.setup()
    from twostroke.ledger.projecting import catch_up

    call_command("migrate", verbosity=0, interactive=False)
    with connection.cursor() as cursor:
        # The copy is no log: nobody writes to it, and its triggers would refuse to be filled.
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}")
        cursor.execute("DELETE FROM ledger_head")
    connection.close()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    catch_up()
    connection.close()
    sys.stdout.write("done\n")


if __name__ == "__main__":
    main()
