"""A deal follows from its own lines: by examples, and against a slow reference for lines nobody thought of."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.lines import told
from twostroke.deals.rules import KINDS, fold_deal
from twostroke.ledger.facts import Told

DAY = 86_400_000


def deal(kind: str, **columns: Any) -> Told:
    return told(f"deal.{kind}", subject_kind="deal", **columns)


def folded(*lines: Told) -> dict[str, Any]:
    row = fold_deal(lines)
    assert row is not None
    return row


def test_an_opened_deal_is_open_since_its_day() -> None:
    row = folded(deal("opened", at=3 * DAY, precision="day", said={"stage": "Proposal"}))
    assert (row["status"], row["stage"]) == ("open", "Proposal")
    assert (row["opened_at"], row["opened_precision"]) == (3 * DAY, "day")
    assert (row["closed_at"], row["closed_precision"]) == (None, "unknown")


def test_a_won_deal_remembers_the_stage_it_was_won_from() -> None:
    row = folded(
        deal("opened", said={"stage": "Proposal"}),
        deal("moved", said={"stage": "Negotiation"}),
        deal("won", at=9, said={"stage": "Closed Won", "reason": "price"}),
    )
    assert (row["status"], row["stage"], row["closed_at"], row["reason"]) == ("won", "Negotiation", 9, "price")


def test_a_deal_that_moves_after_it_was_won_stays_won() -> None:
    row = folded(deal("won", at=9), deal("moved", at=10, said={"stage": "Proposal"}))
    assert (row["status"], row["stage"], row["closed_at"]) == ("won", "Proposal", 9)


def test_the_last_of_won_and_lost_counts() -> None:
    assert folded(deal("won", at=1), deal("lost", at=2, said={"reason": "timing"}))["status"] == "lost"
    assert folded(deal("lost", at=1, said={"reason": "timing"}), deal("won", at=2))["reason"] is None


def test_reopening_takes_back_the_closing_and_its_reason() -> None:
    row = folded(deal("lost", at=5, said={"reason": "price"}), deal("reopened", at=6, said={"stage": "Proposal"}))
    assert (row["status"], row["stage"]) == ("open", "Proposal")
    assert (row["closed_at"], row["closed_precision"], row["reason"]) == (None, "unknown", None)


def test_silence_takes_nothing_back() -> None:
    full = deal(
        "opened", company="c", identifier="p", actor="o", amount_minor=500, currency="EUR",
        personal={"name": "Kitchen"},
        said={"stage": "Proposal", "pipeline": "New", "product": "x", "expected_close": "2026-12-01"},
    )  # fmt: skip
    assert folded(full, deal("changed")) == folded(full)


def test_an_amount_and_its_currency_go_together() -> None:
    row = folded(deal("opened", amount_minor=500, currency="EUR"), deal("changed", amount_minor=7, currency="JPY"))
    assert (row["amount_minor"], row["currency"]) == (7, "JPY")
    row = folded(deal("opened", amount_minor=500, currency="EUR"), deal("changed", amount_minor=0, currency="EUR"))
    assert row["amount_minor"] == 0


def test_an_owner_alone_makes_no_deal() -> None:
    assigned = told("owner.assigned", subject_kind="deal", actor="o")
    assert fold_deal([assigned]) is None
    assert fold_deal([]) is None
    assert folded(assigned, deal("opened"))["owner"] == "o"
    assert folded(deal("opened", actor="before"), assigned)["owner"] == "o"


def test_the_source_is_that_of_the_last_line_that_speaks_of_the_deal() -> None:
    assert folded(deal("opened", source="crm"), deal("changed", source="shop"))["source"] == "shop"


@pytest.mark.parametrize("kind", sorted(KINDS - {"owner.assigned"}))
def test_every_kind_of_line_about_a_deal_makes_one(kind: str) -> None:
    assert fold_deal([told(kind, subject_kind="deal")]) is not None


WORDS = st.none() | st.sampled_from(["a", "b", "c"])
MONEY = st.none() | st.tuples(st.integers(-500, 500), st.sampled_from(["EUR", "JPY"]))


@st.composite
def lines(draw: st.DrawFn) -> Told:
    kind = draw(st.sampled_from(sorted(KINDS)))
    money = draw(MONEY)
    at = draw(st.none() | st.integers(0, 9))
    said = {name: value for name in ("stage", "pipeline", "product", "reason") if (value := draw(WORDS)) is not None}
    return told(
        kind, subject_kind="deal", at=at, company=draw(WORDS), identifier=draw(WORDS), actor=draw(WORDS),
        source=draw(st.sampled_from(["crm", "shop"])), said=said,
        amount_minor=money[0] if money else None, currency=money[1] if money else None,
    )  # fmt: skip


def last(values: list[Any]) -> Any:
    """The last that was said, None where nobody said anything."""
    return next((value for value in reversed(values) if value is not None), None)


@given(st.lists(lines(), max_size=12))
def test_a_deal_is_what_its_lines_say_when_read_one_field_at_a_time(story: list[Told]) -> None:
    row = fold_deal(story)
    if not [one for one in story if one.line.kind.startswith("deal.")]:
        assert row is None
        return
    assert row is not None
    staging = ("deal.opened", "deal.moved", "deal.changed", "deal.reopened")
    endings = [one for one in story if one.line.kind in ("deal.won", "deal.lost", "deal.reopened")]
    end = endings[-1] if endings and endings[-1].line.kind != "deal.reopened" else None
    opened = [one for one in story if one.line.kind == "deal.opened"]
    amounts = [(one.line.amount_minor, one.line.currency) for one in story if one.line.amount_minor is not None]
    assert row["status"] == ("open" if end is None else end.line.kind.removeprefix("deal."))
    assert row["stage"] == last([one.properties.get("stage") for one in story if one.line.kind in staging])
    assert row["reason"] == (None if end is None else end.properties.get("reason"))
    assert row["closed_at"] == (None if end is None else end.line.happened_at)
    assert row["opened_at"] == (opened[-1].line.happened_at if opened else None)
    assert (row["amount_minor"], row["currency"]) == (amounts[-1] if amounts else (None, None))
    assert row["owner"] == last([one.line.actor for one in story])
    assert row["company"] == last([one.line.company for one in story])
    assert row["person"] == last([one.line.identifier for one in story])
    assert row["product"] == last([one.properties.get("product") for one in story])
    assert row["source"] == story[-1].line.source


@given(st.lists(lines(), min_size=1, max_size=8))
def test_a_line_said_twice_in_a_row_says_it_once(story: list[Told]) -> None:
    assert fold_deal([one for one in story for _ in range(2)]) == fold_deal(story)


@given(st.lists(lines(), min_size=1, max_size=8))
def test_every_row_has_the_columns_of_its_table(story: list[Told]) -> None:
    from twostroke.deals.models import Deal

    row = fold_deal(story)
    if row is not None:
        assert {"subject", *row} == {field.name for field in Deal._meta.concrete_fields}
