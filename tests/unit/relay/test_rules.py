"""Who stands where in the lifecycle: the furthest stage that the lines say, and when it was first reached."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.lines import told
from twostroke.ledger.facts import Told
from twostroke.relay.facts import LADDER, Stage, Standing
from twostroke.relay.queries import furthest
from twostroke.relay.rules import IMPLIED, KINDS, fold_standing, stage_of


def reached(stage: str, at: int | None = None, **more: str | None) -> Told:
    return told("stage.reached", at=at, said={"stage": stage}, **more)


def test_the_ladder_goes_from_subscriber_to_evangelist_and_other_is_no_rung() -> None:
    assert [stage.value for stage in LADDER] == [
        "subscriber", "lead", "mql", "sal", "sql", "opportunity", "customer", "evangelist",
    ]  # fmt: skip
    assert Stage.OTHER not in LADDER


@pytest.mark.parametrize("stage", ["other", "Lead", "", "chief", None, 5])
def test_what_is_no_rung_of_the_ladder_says_nothing(stage: object) -> None:
    line = told("stage.reached", said={"stage": stage})
    assert stage_of(line) is None
    assert fold_standing([line]) is None


def test_a_line_without_a_stage_says_nothing() -> None:
    assert stage_of(told("stage.reached")) is None
    assert stage_of(told("page.viewed", said={"stage": "customer"})) is None


@pytest.mark.parametrize(("kind", "stage"), IMPLIED.items())
def test_some_acts_say_a_stage_by_themselves(kind: str, stage: Stage) -> None:
    row = fold_standing([told(kind, at=7)])
    assert row is not None
    assert (row["stage"], row["at"]) == (stage.value, 7)


def test_who_goes_back_a_stage_has_been_there() -> None:
    row = fold_standing([reached("sql", 1), reached("lead", 2)])
    assert row is not None
    assert (row["stage"], row["at"]) == ("sql", 1)


def test_the_first_to_say_the_furthest_stage_says_when() -> None:
    row = fold_standing([reached("mql", 1), reached("sql", 5), reached("sql", 9)])
    assert row is not None
    assert row["at"] == 5


def test_the_channel_is_the_first_one_any_line_names() -> None:
    lines = [told("page.viewed"), told("form.submitted", channel="fair"), reached("customer", channel="ads")]
    row = fold_standing(lines)
    assert row is not None
    assert row["channel"] == "fair"


@given(
    st.lists(
        st.tuples(st.sampled_from([*Stage, "nonsense"]), st.none() | st.integers(0, 99), st.sampled_from([None, "a"])),
        max_size=10,
    )
)
def test_a_standing_is_what_the_lines_say_when_read_rung_by_rung(
    said: list[tuple[str, int | None, str | None]],
) -> None:
    lines = [reached(str(stage), at, channel=channel) for stage, at, channel in said]
    rungs = [stage.value for stage in LADDER]
    known = [(rungs.index(str(stage)), at) for stage, at, _ in said if str(stage) in rungs]
    row = fold_standing(lines)
    if not known:
        assert row is None
        return
    best = max(rung for rung, _ in known)
    assert row is not None
    assert row["stage"] == rungs[best]
    assert row["at"] == next(at for rung, at in known if rung == best)
    assert row["channel"] == next((channel for _, _, channel in said if channel), None)


def standing(stage: Stage, at: int | None = None, subject: str = "a") -> Standing:
    return Standing(subject, "person", stage, at, "ms", None)


def test_a_person_of_several_identifiers_stands_where_the_furthest_of_them_does() -> None:
    assert furthest([]) is None
    assert furthest([standing(Stage.LEAD), standing(Stage.SQL), standing(Stage.MQL)]) == standing(Stage.SQL)


def test_of_equal_stages_the_earlier_one_is_when_it_was_reached() -> None:
    assert furthest([standing(Stage.SQL, 9), standing(Stage.SQL, 3, "b")]) == standing(Stage.SQL, 3, "b")


@given(st.permutations([standing(stage, at, str(at)) for stage in Stage if stage in LADDER for at in (1, 5)]))
def test_the_order_of_identifiers_does_not_matter(order: list[Standing]) -> None:
    assert furthest(order) == standing(Stage.EVANGELIST, 1, "1")


def test_the_fold_reads_no_other_kinds_than_it_declares() -> None:
    assert {"stage.reached", *IMPLIED} == KINDS
