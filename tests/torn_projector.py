"""A process that folds the log and kills itself between what a projection writes and the cursor, or before the commit:
``python -m tests.torn_projector N before|after``: at the N-th time a cursor moves or units are no longer dirty.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from typing import Any


def main(number: int, when: str) -> None:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "twostroke.site.settings"
    django.setup()
    from django.db import connection

    from twostroke.ledger.actions import catch_up

    left = number

    def kill_there(execute: Callable[..., Any], sql: str, *more: Any) -> Any:
        nonlocal left
        there = moves_on(sql)
        left -= there
        if there and not left and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        answer = execute(sql, *more)
        if there and not left:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    with connection.execute_wrapper(kill_there):
        catch_up()


def moves_on(sql: str) -> bool:
    """Whether a statement says that what a projection has just written is all there was to write."""
    cursor_moves = sql.startswith("INSERT INTO ledger_cursor") and "DO UPDATE" in sql
    return cursor_moves or sql.startswith("DELETE FROM ledger_dirty WHERE")


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
