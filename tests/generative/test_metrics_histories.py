"""On random logs the numbers are those of the definitions' words, of the tables, and of the log itself.

The fast way (Parquet and a tail in a query engine) and the slow one (``tests/spec``) share no code.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction
from hypothesis import event, given

from tests.generative.metrics_histories import COMPANIES, DEVICES, OWNERS, History, histories, live
from tests.spec import numbers_by_hand as by_hand
from tests.spec import stories_by_hand
from tests.spec.raw_log import raw_lines
from twostroke.deals.queries import deals
from twostroke.ledger import lake
from twostroke.ledger.catalogue import current
from twostroke.metrics.facts import Result, Scope
from twostroke.metrics.queries import compute, people

pytestmark = pytest.mark.django_db

KINDS = {kind.name: (kind.rank, str(kind.place)) for kind in current()}


@contextmanager
def lived(history: History, *, sealed: bool = True) -> Iterator[list[int]]:
    """The history on the log, most of it sealed, until the block ends."""
    with transaction.atomic():
        seqs = live(history)
        if sealed:
            lake.seal(hottest=4, segment=5)
        yield seqs
        transaction.set_rollback(True)


def table(result: Result, *measures: str) -> dict[tuple[Any, ...], dict[str, Any]]:
    return {tuple(row.key.values()): {name: row.measures[name] for name in measures} for row in result.rows}


SAME = ("status", "owner", "product", "source")
PIPELINE = ("count", "value", "without_value")


@given(histories())
def test_the_pipeline_is_that_of_its_words(history: History) -> None:
    with lived(history):
        expected = by_hand.pipeline(raw_lines(), KINDS, history.zone, history.currency)
        event(f"{len(expected)} rows")
        event(f"lines not in force: {len(by_hand.lines_in_force(raw_lines())) < len(raw_lines())}")
        assert table(compute("pipeline"), *PIPELINE) == expected


@pytest.mark.sqlite
@given(histories())
def test_the_pipeline_as_of_a_line_is_that_of_the_lines_up_to_it(history: History) -> None:
    with lived(history) as seqs:
        for seq in {seqs[0], seqs[len(seqs) // 2]}:
            expected = by_hand.pipeline(raw_lines(seq), KINDS, history.zone, history.currency)
            assert table(compute("pipeline", as_of=seq), *PIPELINE) == expected


@pytest.mark.sqlite
@given(histories())
def test_my_pipeline_is_that_of_the_deals_i_have(history: History) -> None:
    mine = frozenset(OWNERS[:1])
    with lived(history):
        expected = by_hand.pipeline(raw_lines(), KINDS, history.zone, history.currency, mine)
        assert table(compute("pipeline", scope=Scope("mine", mine)), *PIPELINE) == expected


@pytest.mark.sqlite
@given(histories())
def test_the_pipeline_is_what_the_table_of_deals_says(history: History) -> None:
    with lived(history, sealed=False):
        behind = people("pipeline", by=["owner", "product", "source"], limit=None)
        seen = sorted((one.subject, *(one.key[name] for name in SAME), one.measures["without_value"]) for one in behind)
        assert seen == sorted(
            (deal.subject, str(deal.status), deal.owner, deal.product, deal.source, int(deal.amount_minor is None))
            for deal in deals(limit=99)
        )


@pytest.mark.sqlite
@given(histories())
def test_what_is_behind_each_row_adds_up_to_it(history: History) -> None:
    with lived(history):
        for row in compute("pipeline").rows:
            behind = people("pipeline", key=row.key, limit=None)
            assert sum(one.measures["count"] for one in behind) == row.measures["count"]
            assert by_hand.Decimal(row.measures["value"]) == sum(
                by_hand.Decimal(one.measures["value"]) for one in behind
            )
            assert len({one.subject for one in behind}) == len(behind)


@given(histories())
def test_the_lifecycle_of_persons_is_that_of_its_words(history: History) -> None:
    with lived(history):
        lines = raw_lines()
        whose = by_hand.who_is_who(lines, frozenset(DEVICES))
        expected = by_hand.lifecycle(lines, KINDS, history.zone, whose)
        event(f"{len(set(whose.values()))} persons")
        assert table(compute("lifecycle", by=("channel", "heard")), "count", "here") == expected


@pytest.mark.sqlite
@given(histories())
def test_the_lifecycle_of_companies_is_that_of_its_words(history: History) -> None:
    with lived(history):
        itself = {company: company for company in COMPANIES}
        expected = by_hand.lifecycle(raw_lines(), KINDS, history.zone, itself, "company")
        assert table(compute("lifecycle", by=("channel", "heard"), grain="company"), "count", "here") == expected


@given(histories())
def test_touches_are_those_of_their_words(history: History) -> None:
    with lived(history) as seqs:
        expected = by_hand.touches(raw_lines(seqs[0]), KINDS, history.zone)
        counted = table(compute("touches", as_of=seqs[0]), "count")
        assert {key: row["count"] for key, row in counted.items()} == expected


@given(histories())
def test_conversion_is_that_of_its_words(history: History) -> None:
    with lived(history):
        expected = stories_by_hand.conversion(raw_lines(), KINDS, history.zone, {})
        event(f"{len(expected)} rows")
        told = table(
            compute("conversion", by=("sector", "month", "reason", "owner")), "count", "went_on", "lost", "here", "won"
        )
        assert told == {key: dict(row) for key, row in expected.items()}


@given(histories())
def test_orders_are_those_of_their_words(history: History) -> None:
    with lived(history):
        expected = stories_by_hand.orders(raw_lines(), KINDS, history.zone, history.currency)
        assert table(compute("orders", by=("week",)), *PIPELINE) == expected
