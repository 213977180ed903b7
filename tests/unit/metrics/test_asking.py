"""What may be asked of numbers, what comes back, and how what cannot be told is refused."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from tests.unit.metrics.logs import MINTER, deal, person, settle, tell, tell_of
from twostroke.identity.facts import device_namespace
from twostroke.ledger.actions import change_definition, say
from twostroke.ledger.facts import Draft, Precision
from twostroke.ledger.queries import head_seq
from twostroke.metrics.facts import MetricRefusedError, Scope
from twostroke.metrics.queries import compute, metric, metrics, people, sql
from twostroke.relay import rules as relay
from twostroke.relay.facts import LADDER

pytestmark = pytest.mark.django_db

DAY = 1_699_920_000_000


def rows(*given: Any, **asked: Any) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    settle()
    return [(dict(row.key), dict(row.measures)) for row in compute(*given, **asked).rows]


def test_an_empty_log_has_no_rows_and_says_as_of_when() -> None:
    result = compute("pipeline")
    assert result.rows == ()
    assert result.as_of.seq == 0
    assert result.as_of.at.endswith("Z")


def test_the_json_of_a_metric_has_exactly_the_agreed_shape() -> None:
    tell("deal.opened", 1, stage="talk", amount=1250)
    settle()
    told = json.loads(json.dumps(compute("pipeline").as_json()))
    assert list(told) == ["metric", "definition", "as_of", "unit", "rows"]
    assert told["metric"] == "pipeline"
    assert told["as_of"] == {"seq": 1, "at": told["as_of"]["at"]}
    assert told["rows"] == [
        {
            "key": {"status": "open", "stage": "talk", "currency": "EUR"},
            "measures": {"count": 1, "value": "12.50", "without_value": 0},
        }
    ]


def test_won_and_lost_stand_beside_the_open_ones_and_never_in_their_total() -> None:
    for number, ending in enumerate([None, "deal.won", "deal.lost"]):
        tell("deal.opened", number, stage="talk", amount=100)
        if ending:
            tell(ending, number)
    settle()
    result = compute("pipeline")
    assert [(row.key["status"], row.key["stage"]) for row in result.rows] == [
        ("open", "talk"),
        ("won", None),
        ("lost", None),
    ]
    assert result.total("value", status="open") == Decimal("1.00")


def test_a_won_deal_that_is_reopened_is_open_again_at_its_new_stage() -> None:
    for kind, stage in (("deal.opened", "talk"), ("deal.won", None), ("deal.reopened", "terms")):
        tell(kind, 1, **({"stage": stage} if stage else {}))
    assert rows("pipeline")[0][0] == {"status": "open", "stage": "terms", "currency": "EUR"}


def test_open_deals_without_an_amount_are_counted_and_said_in_the_reporting_currency() -> None:
    change_definition(name="installation.currency", value="JPY")
    tell("deal.opened", 1, stage="talk")
    tell("deal.opened", 2, stage="talk", amount=700, currency="JPY")
    assert rows("pipeline")[0][1] == {"count": 2, "value": "700", "without_value": 1}


def test_amounts_of_two_currencies_are_never_added_up() -> None:
    tell("deal.opened", 1, stage="talk", amount=100)
    tell("deal.opened", 2, stage="talk", amount=100, currency="KWD")
    assert {(key["currency"], told["value"]) for key, told in rows("pipeline")} == {("EUR", "1.00"), ("KWD", "0.100")}
    with pytest.raises(ValueError, match="2 currencies"):
        compute("pipeline").total("value")
    assert compute("pipeline").total("value", currency="EUR") == 1


def test_money_far_beyond_what_a_float_can_hold_is_right_to_the_cent() -> None:
    for number in range(3):
        tell("deal.opened", number, stage="talk", amount=2**62 + 1)
    assert rows("pipeline")[0][1]["value"] == f"{Decimal(3 * (2**62 + 1)) / 100:.2f}"


def test_separate_sql_over_what_is_behind_a_row_gives_the_row() -> None:
    for number in range(5):
        tell("deal.opened", number, stage="talk")
        tell("deal.won", number, amount=33 * number + 1)
    settle()
    won = compute("pipeline").rows[0]
    subjects = [one.subject for one in people("pipeline", key=won.key, limit=None)]
    marks = ", ".join(["%s"] * len(subjects))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT COUNT(DISTINCT subject), SUM(amount_minor) FROM ledger_line WHERE kind = 'deal.won' "
            f"AND subject IN ({marks}) AND seq NOT IN (SELECT seq FROM ledger_suppressed)",
            subjects,
        )
        count, minor = cursor.fetchone()
    assert (count, Decimal(minor) / 100) == (won.measures["count"], Decimal(won.measures["value"]))


def test_drilling_down_takes_a_part_of_the_key_and_a_limit() -> None:
    for number in range(4):
        tell("deal.opened", number, stage="it's" if number else None, amount=number) if number else tell(
            "deal.opened", 0
        )
    settle()
    assert [one.subject for one in people("pipeline", key={"stage": "it's"}, limit=2)] == [deal(3), deal(2)]
    assert [one.subject for one in people("pipeline", key={"stage": None})] == [deal(0)]
    assert len(people("pipeline", limit=None)) == 4


def test_a_scope_keeps_to_the_deals_of_its_owners_in_rows_and_behind_them() -> None:
    tell("deal.opened", 1, stage="talk", amount=100, actor="a" * 32)
    tell("deal.opened", 2, stage="talk", amount=200, actor="b" * 32)
    tell("owner.assigned", 2, actor="a" * 32)
    tell("deal.opened", 3, stage="talk", amount=400, actor="b" * 32)
    mine = Scope("mine", frozenset(["a" * 32]))
    assert rows("pipeline", scope=mine)[0][1]["value"] == "3.00"
    assert {one.subject for one in people("pipeline", scope=mine)} == {deal(1), deal(2)}
    assert rows("pipeline", scope=Scope("nobody's", frozenset())) == []


def test_an_earlier_line_can_be_asked_for() -> None:
    tell("deal.opened", 1, stage="talk", amount=100)
    tell("deal.won", 1)
    settle()
    assert [row.key["status"] for row in compute("pipeline", as_of=1).rows] == ["open"]
    assert [row.key["status"] for row in compute("pipeline", as_of=2).rows] == ["won"]
    assert compute("pipeline", as_of=1).as_of.seq == 1


@pytest.mark.parametrize("seq", [-1, 2, 10**9])
def test_a_line_that_is_not_there_is_refused_with_those_that_are(seq: int) -> None:
    tell("deal.opened", 1)
    settle()
    with pytest.raises(MetricRefusedError, match="lines 0 to 1"):
        compute("pipeline", as_of=seq)


def test_persons_as_of_a_line_are_told_apart_as_they_were_then() -> None:
    tell_of("ann", "form.submitted")
    tell_of("bob", "form.submitted")
    settle()
    before = head_seq()
    tell_of("ann", "identity.claimed", properties={"ids": [person("ann"), person("bob")]})
    settle()
    assert compute("lifecycle", as_of=before).total("count", stage="lead") == 2
    assert compute("lifecycle").total("count", stage="lead") == 1


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"name": "pipelin"}, "There are: pipeline, conversion, lifecycle, touches"),
        ({"name": "pipeline", "by": ["moon"]}, "can be told by: owner"),
        ({"name": "lifecycle", "grain": "deal"}, "person or company"),
        ({"name": "lifecycle", "scope": Scope("mine", frozenset())}, "company's alone"),
    ],
)
def test_what_cannot_be_told_is_refused_with_what_can(asked: dict[str, Any], words: str) -> None:
    with pytest.raises(MetricRefusedError, match=words):
        compute(**asked)


def test_a_key_no_row_has_is_refused() -> None:
    with pytest.raises(MetricRefusedError, match="have no 'shoe', only: status, stage, currency"):
        people("pipeline", key={"shoe": "44"})


def test_a_dialect_nobody_speaks_is_refused() -> None:
    with pytest.raises(MetricRefusedError, match="duckdb, postgres, spark, clickhouse"):
        sql("pipeline", dialect="cobol")


def test_a_person_with_many_identifiers_is_counted_once_and_a_visitor_not_at_all() -> None:
    tell_of("ann", "form.submitted")
    tell_of("bob", "stage.reached", properties={"stage": "sql"})
    tell_of("ann", "identity.claimed", properties={"ids": [person("ann"), person("bob")]})
    visitor = MINTER.mint(device_namespace("site"), "c1")
    say(Draft("form.submitted", "person", visitor, identifier=visitor))
    counts = {key["stage"]: (told["count"], told["here"]) for key, told in rows("lifecycle")}
    assert counts == {stage: (1, int(stage == "sql")) for stage in ("lead", "sql")}


def test_the_channel_is_the_first_named_and_an_unknown_time_stands_where_it_was_received() -> None:
    tell_of("ann", "form.submitted", channel="ads")  # received now
    tell_of("ann", "page.viewed", channel="fair", happened_at=DAY, precision=Precision.DAY)  # long before
    tell_of("bob", "form.submitted", channel="ads")
    tell_of("bob", "page.viewed", channel="fair", happened_at=DAY * 3, precision=Precision.DAY)  # long after
    told = {
        (key["channel"], told["count"]) for key, told in rows("lifecycle", by=["channel"]) if key["stage"] == "lead"
    }
    assert told == {("fair", 1), ("ads", 1)}
    behind = people("lifecycle", key={"stage": "lead", "channel": "fair"})
    assert [one.subject for one in behind] == [person("ann")]


def test_tracked_and_self_reported_stand_side_by_side() -> None:
    tell_of("ann", "form.submitted", channel="ads")
    tell_of("ann", "person.described", properties={"heard_of_us_by": "a friend"})
    key, told = next(row for row in rows("lifecycle", by=["channel", "heard"]) if row[0]["stage"] == "lead")
    assert key == {"stage": "lead", "channel": "ads", "heard": "a friend"}
    assert told["count"] == 1


def test_the_metric_states_the_same_stages_and_acts_as_the_room_of_the_lifecycle() -> None:
    from twostroke.metrics.definitions import lifecycle

    assert tuple(stage.value for stage in LADDER) == lifecycle.LADDER
    assert {kind: stage.value for kind, stage in relay.IMPLIED.items()} == lifecycle.IMPLIED
    assert all(name in metric("lifecycle").formula for name in (*lifecycle.LADDER, *lifecycle.IMPLIED))


def test_a_line_without_a_time_is_a_touch_of_no_month() -> None:
    tell_of("ann", "form.submitted")
    tell_of("ann", "page.viewed", happened_at=DAY, precision=Precision.DAY)
    told = {(key["month"], key["stroke"]): told["count"] for key, told in rows("touches")}
    assert told == {(None, "pull"): 1, ("2023-11", "pull"): 1}


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kathmandu", "UTC"])
@pytest.mark.parametrize("year", [1, 1969, 1970, 2024, 9999])
def test_the_first_and_last_instant_of_a_month_fall_into_it_in_every_zone(zone: str, year: int) -> None:
    change_definition(name="installation.zone", value=zone)
    begin, end = (int(datetime(year, month, 1, tzinfo=ZoneInfo(zone)).timestamp() * 1000) for month in (2, 3))
    for at in (begin - 1, begin, end - 1, end):
        tell_of("ann", "page.viewed", happened_at=at, precision=Precision.MS)
    told = {key["month"]: told["count"] for key, told in rows("touches")}
    assert told == {f"{year:04d}-01": 1, f"{year:04d}-02": 2, f"{year:04d}-03": 1}


@pytest.mark.parametrize(
    ("kind", "hour", "stands_later"),
    [("deal.opened", 0, True), ("deal.moved", 11, False), ("deal.moved", 13, True), ("deal.reopened", 23, False)],
)
def test_a_day_stands_first_in_the_middle_or_last_in_its_day(kind: str, hour: int, stands_later: bool) -> None:
    tell(kind, 1, stage="of the day", at=DAY, precision=Precision.DAY)
    tell("deal.changed", 1, stage="of the hour", at=DAY + hour * 3_600_000, precision=Precision.MS)
    assert rows("pipeline")[0][0]["stage"] == ("of the hour" if stands_later else "of the day")


def test_every_metric_says_what_it_is_and_what_it_leaves_out() -> None:
    for one in metrics():
        assert all((one.title, one.question, one.formula, one.horizon, one.unit, one.caveat, one.key, one.measures))
        assert one.question.endswith("?")
        assert metric(one.name) == one
