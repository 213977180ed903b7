"""A line in words: its title, what it was about, how it went, what was said, and the values left over."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.lines import told
from twostroke.ledger.facts import Team
from twostroke.site.wiring import all_kinds
from twostroke.web import telling
from twostroke.web.telling import (
    GLYPHS,
    about_of,
    channel_words,
    details_of,
    label,
    saying_of,
    stage_words,
    title_of,
    went_of,
    words_of,
)

KINDS = {kind.name: kind for kind in all_kinds()}
VALUES = st.none() | st.booleans() | st.integers(-99, 99) | st.text(max_size=12) | st.lists(st.integers(), max_size=2)


@pytest.mark.parametrize("name", sorted(KINDS))
def test_every_kind_has_a_title_that_stands_alone(name: str) -> None:
    """With nothing known of the line, and with everything that is declared: no title has a hole or a brace in it."""
    full = dict.fromkeys(KINDS[name].properties, "x")
    for said in ({}, full, {"path": "/pricing", **full}):
        title = title_of(name, said)
        assert title.strip() == title
        assert title
        assert title[0].isupper() or title == "x"
        assert "{" not in title
        assert "None" not in title


def test_patterns_name_only_properties_and_each_has_words_for_when_they_are_missing() -> None:
    for kind, pattern in telling._TITLES.items():
        assert kind in KINDS, f"{kind} is no kind of line"
        fields = {name for _, name, _, _ in string.Formatter().parse(pattern) if name}
        known = set(KINDS[kind].properties) | ({"path"} if kind == "page.viewed" else set())
        assert fields <= known, kind
        assert not fields or kind in telling._WITHOUT, kind
    assert telling._WITHOUT.keys() <= telling._TITLES.keys()


@pytest.mark.parametrize(
    ("kind", "said", "title"),
    [
        ("deal.moved", {"stage": "Proposal"}, "Deal moved to Proposal"),
        ("deal.moved", {"stage": ""}, "Deal moved"),
        ("deal.moved", {"stage": None}, "Deal moved"),
        ("stage.reached", {"stage": "mql"}, "Became MQL"),
        ("stage.reached", {"stage": "customer"}, "Became customer"),
        ("action.taken", {"name": "Pressed {a} button"}, "Pressed {a} button"),
        ("action.taken", {}, "Did something"),
        ("price.changed", {}, "Price changed"),
        ("sample.put_aside", {}, "Sample put aside"),
    ],
)
def test_a_title_says_what_the_line_says(kind: str, said: dict[str, object], title: str) -> None:
    assert title_of(kind, said) == title


def test_every_team_has_a_mark_of_its_own() -> None:
    assert set(GLYPHS) == {team.value for team in Team}
    assert len(set(GLYPHS.values())) == len(GLYPHS)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({}, ""),
        ({"outcome": "Connected"}, "Connected"),
        ({"outcome": "Connected", "minutes": 12}, "Connected · 12 min"),
        ({"minutes": 0}, ""),
        ({"minutes": "12"}, ""),
        ({"outcome": "  no \n answer "}, "no answer"),
        ({"by": "human"}, "by a human"),
        ({"by": "machine"}, "by a machine"),
        ({"by": "unsure", "minutes": 1.5}, "1.5 min · by a human or a machine: unsure"),
        ({"by": "owl"}, "owl"),
        ({"outcome": 7, "by": 7}, ""),
    ],
)
def test_how_it_went_is_outcome_length_and_by_whom(said: dict[str, object], words: str) -> None:
    assert went_of(said) == words


def test_a_lost_deal_is_about_its_reason() -> None:
    assert about_of(told("deal.lost", said={"reason": "price"})) == "price"
    assert about_of(told("deal.lost", said={"subject": "x"})) == ""


def test_what_describes_somebody_is_about_nothing() -> None:
    for kind in ("person.described", "company.described", "identity.claimed", "owner.assigned", "deal.opened"):
        assert about_of(told(kind, said={"name": "x"}, personal={"title": "y"})) == ""


def test_the_best_that_names_what_it_was_about_is_taken_from_either_part() -> None:
    assert about_of(told("call.made", said={"title": "T"}, personal={"subject": "S"})) == "S"
    assert about_of(told("call.made", personal={"name": "N"}, content="C")) == "N"
    assert about_of(told("call.made", content="C")) == "C"
    assert about_of(told("call.made", said={"subject": 5})) == ""


def test_free_words_are_those_that_are_read_first() -> None:
    assert words_of("call.made", {"note": "n", "verbatim": "v"}) == "v"
    assert words_of("person.described", {"notes": "n"}) == ""
    assert words_of("call.made", {"note": ""}) == ""


def test_nothing_is_said_twice_in_a_line() -> None:
    saying = saying_of(
        told(
            "feedback.heard",
            personal={"question": "Where?", "verbatim": "Where?"},
            said={"outcome": "x"},
            channel="fair",
        )
    )
    assert (saying.about, saying.words) == ("Where?", "")
    assert ("Outcome", "x") not in saying.details


def test_a_channel_that_stands_beside_the_line_is_not_repeated_among_its_values() -> None:
    said = {"channel": "Organic Search", "size": "large"}
    assert saying_of(told("form.submitted", said=said, channel="organic-search")).details == [("Size", "large")]
    assert ("Channel", "Organic Search") in saying_of(told("form.submitted", said=said, channel="fair")).details


def test_the_name_of_an_action_is_its_title_and_no_value_beside_it() -> None:
    assert saying_of(told("action.taken", said={"name": "Pressed"})).details == []
    assert saying_of(told("fair.visited", said={"name": "Pressed"}, personal={"note": "n"})).about == "Pressed"


@given(st.dictionaries(st.sampled_from(["a", "b_c", "ids", "stage", "path"]), VALUES))
def test_only_plain_values_are_shown_each_under_its_label(values: dict[str, object]) -> None:
    shown = details_of(values)
    assert all(isinstance(name, str) and isinstance(value, str) and value != "" for name, value in shown)
    wanted = [n for n, v in values.items() if n in ("a", "b_c") and isinstance(v, str | int | bool) and v != ""]
    assert [name for name, _ in shown] == [label(name) for name in wanted]


def test_yes_and_no_are_words() -> None:
    assert details_of({"a": True, "b": False, "c": 0}) == [("A", "yes"), ("B", "no"), ("C", "0")]


@pytest.mark.parametrize(
    ("name", "said"), [("seconds_on_site", "Seconds on site"), ("x", "X"), ("", ""), ("_a_", "A"), ("Größe", "Größe")]
)
def test_a_property_is_labelled_in_words(name: str, said: str) -> None:
    assert label(name) == said


def test_stages_and_channels_are_written_as_people_write_them() -> None:
    assert [stage_words(stage) for stage in ("mql", "sal", "sql", "lead", "", None)] == [
        "MQL", "SAL", "SQL", "lead", "", "",
    ]  # fmt: skip
    assert [channel_words(one) for one in ("organic-search", "e-mail", "fair", None)] == [
        "organic search", "e-mail", "fair", "",
    ]  # fmt: skip


@given(st.sampled_from(sorted(KINDS)), st.dictionaries(st.sampled_from(["stage", "name", "reason", "path"]), VALUES))
def test_a_line_of_any_kind_saying_anything_can_be_told(kind: str, said: dict[str, object]) -> None:
    saying = saying_of(told(kind, said=said, personal={"note": "n"}))
    assert saying.title
    assert isinstance(saying.about, str)
