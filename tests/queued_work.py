"""A worker process for tests, with work of its own: ``python -m tests.queued_work LEASE_MS GRACE_SECONDS``.

Work whose effect is in this database (``row``, ``line``) and work whose effect is outside (``outside``).
"""

from __future__ import annotations

import logging
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from twostroke.queue.facts import Leased

EFFECTS = "CREATE TABLE effect (job bigint NOT NULL)"


def main(lease_ms: int, grace_seconds: float) -> None:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "twostroke.site.settings"
    django.setup()
    from twostroke.worker import handlers
    from twostroke.worker.working import Worker

    logging.getLogger("twostroke.worker").setLevel(logging.INFO)
    handlers.install({"row": row, "line": line, "outside": outside, "endless": endless})
    Worker(lease_ms=lease_ms, grace_seconds=grace_seconds, idle_seconds=0.02).run()


def row(leased: Leased) -> None:
    """Writes a row that nothing keeps from being written twice, and ends the job with it."""
    from django.db import connection, transaction

    from twostroke.queue.actions import finish

    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO effect (job) VALUES (%s)", [leased.id])
        finish(leased)


def line(leased: Leased) -> None:
    """Says something on the log under the job's name: said twice is once."""
    from twostroke.ledger.actions import say
    from twostroke.ledger.facts import Draft, Precision, definition_subject
    from twostroke.queue.actions import check_fence

    name = f"job.{leased.id}"
    check_fence(leased)
    say(
        Draft(
            kind="definition.changed", subject_kind="definition", subject=definition_subject(name),
            happened_at=0, precision=Precision.MS, properties={"name": name, "value": leased.id},
        ),
        source="jobs", message_id=name,
    )  # fmt: skip


def outside(leased: Leased) -> None:
    """Says that it began, waits for a word, and writes into a file nobody can take a line out of."""
    from twostroke.queue.actions import check_fence
    from twostroke.queue.facts import LostLeaseError

    folder = Path(leased.payload["folder"])
    (folder / "begun").touch()
    while not (folder / "go").exists():
        time.sleep(0.01)
    try:
        check_fence(leased)
    except LostLeaseError:
        (folder / "lost").touch()
        raise
    with (folder / "effects").open("a") as file:
        file.write("worker\n")


def endless(leased: Leased) -> None:
    """Never ends by itself."""
    (Path(leased.payload["folder"]) / "begun").touch()
    while True:
        time.sleep(0.01)


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
