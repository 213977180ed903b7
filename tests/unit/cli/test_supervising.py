"""How long a crashed child waits for its next start."""

from __future__ import annotations

from twostroke.cli.supervising import LONGEST_WAIT, wait_before_restart


def test_waits_double_from_half_a_second() -> None:
    assert [wait_before_restart(crashes) for crashes in (1, 2, 3, 4)] == [0.5, 1.0, 2.0, 4.0]


def test_no_wait_is_longer_than_half_a_minute() -> None:
    assert wait_before_restart(10**6) == LONGEST_WAIT
