"""The job table under several hands at once."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from twostroke.queue.actions import claim, enqueue, finish
from twostroke.queue.facts import State
from twostroke.queue.queries import counts

pytestmark = pytest.mark.usefixtures("fresh_database")


def together(*acts: Callable[[], None]) -> None:
    """Run these in a thread each; what one raises is raised here."""
    raised: list[BaseException] = []

    def guarded(act: Callable[[], None]) -> None:
        try:
            act()
        except BaseException as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=guarded, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if raised:
        raise raised[0]


def test_two_workers_at_once_never_get_the_same_job() -> None:
    for number in range(60):
        enqueue(kind="greet", payload={"number": number})
    got: list[int] = []

    def work(name: str) -> Callable[[], None]:
        def until_empty() -> None:
            # An empty answer may mean that the other holds the very rows looked at: ended is when nothing waits.
            while counts()[State.WAITING]:
                leased = claim(worker=name)
                if leased is not None:
                    got.append(leased.id)
                    finish(leased)

        return until_empty

    together(work("one"), work("two"))
    assert Counter(Counter(got).values()) == {1: 60}
    assert counts()[State.DONE] == 60


def test_the_same_key_asked_for_by_many_at_once_is_one_job() -> None:
    asked: list[int] = []
    together(*(lambda: asked.append(enqueue(kind="greet", payload={}, dedupe_key="k")) for _ in range(6)))
    assert len(asked) == 6
    assert len(set(asked)) == 1


def assert_seen_only_once_committed(*, dedupe_key: str | None) -> None:
    """Whoever looks while the change that asks for the job is not committed gets nothing; afterwards they get it."""
    asked, looked = threading.Event(), threading.Event()
    got: list[object] = []

    def change() -> None:
        with transaction.atomic():
            enqueue(kind="greet", payload={}, dedupe_key=dedupe_key)
            asked.set()
            assert looked.wait(20)

    def look() -> None:
        assert asked.wait(20)
        got.append(claim(worker="one"))
        looked.set()

    together(change, look)
    assert got == [None]
    assert claim(worker="one") is not None


def test_a_job_is_not_seen_before_its_change_is_committed() -> None:
    assert_seen_only_once_committed(dedupe_key=None)


@pytest.mark.postgres
def test_a_waiting_job_asked_for_again_does_not_begin_before_that_change_is_committed() -> None:
    """On SQLite the one write lock sees to it."""
    enqueue(kind="greet", payload={}, dedupe_key="k")
    assert_seen_only_once_committed(dedupe_key="k")
