"""The write-ahead log is moved by those who write for long, never at the end of somebody's own short commit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from tests.histories import deal, message
from twostroke.ledger.actions import Checkpoints, append, catch_up

pytestmark = [pytest.mark.usefixtures("fresh_database"), pytest.mark.sqlite]


def _pragma(said: str) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {said}")
        return tuple(cursor.fetchone())


def _write(first: int, commits: int) -> None:
    for number in range(first, first + commits):
        with transaction.atomic():
            append([message(f"m{number}-{part}", deal(f"d{number}-{part}")) for part in range(100)])


def _database() -> int:
    return Path(str(connection.settings_dict["NAME"])).stat().st_size


def test_commits_move_nothing_by_themselves() -> None:
    _pragma("wal_checkpoint(TRUNCATE)")
    before = _database()
    _write(0, 60)
    assert _database() == before


def test_who_writes_for_long_moves_it_between_two_slices_and_who_writes_shortly_does_not() -> None:
    _pragma("wal_checkpoint(TRUNCATE)")
    before = _database()
    _write(0, 20)
    catch_up()
    Checkpoints(seconds=3600).between_slices()
    assert _database() == before
    Checkpoints(seconds=0).between_slices()
    assert _database() > before


def test_within_a_transaction_nothing_is_moved() -> None:
    with transaction.atomic():
        Checkpoints(seconds=0).between_slices()
