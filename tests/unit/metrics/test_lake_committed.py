"""The lake outside of any transaction, as a running installation has it."""

from __future__ import annotations

import pytest

from tests.unit.metrics.logs import settle, tell
from twostroke.ledger import lake
from twostroke.ledger.models import Segment
from twostroke.ledger.queries import head_seq
from twostroke.metrics.queries import compute

pytestmark = pytest.mark.usefixtures("fresh_database")


def a_log() -> None:
    for number in range(6):
        tell("deal.opened", number, stage="talk", amount=100)
    settle()


def test_a_question_seals_first_where_the_tail_has_grown_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    a_log()
    compute("pipeline")
    assert Segment.objects.count() == 0
    monkeypatch.setattr(lake, "HOTTEST", 4)
    monkeypatch.setattr(lake, "SEGMENT", 4)
    assert compute("pipeline").total() == 6
    assert [part.rows for part in Segment.objects.order_by("first_seq")] == [4]
    assert head_seq() == 6


def test_a_file_that_went_between_listing_and_reading_is_looked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    a_log()
    lake.seal(hottest=0)
    listed = lake.relations

    def then_dropped(**given: object) -> object:
        found = listed(**given)  # type: ignore[arg-type]
        monkeypatch.setattr(lake, "relations", listed)
        lake.drop()
        return found

    monkeypatch.setattr(lake, "relations", then_dropped)
    assert compute("pipeline").total() == 6


def test_what_waits_to_be_folded_is_folded_before_it_is_counted() -> None:
    a_log()
    lake.seal(hottest=0)
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO ledger_dirty (projection, unit) VALUES ('deals.deal', 'x')")
    assert not lake.folded().settled
    assert compute("pipeline").total() == 6
    assert lake.folded().settled
