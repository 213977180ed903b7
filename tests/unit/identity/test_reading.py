"""What somebody is called, what counts of several descriptions, and whom a person is with: pure, from rows."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.lines import told
from twostroke.identity.facts import EMAIL, PHONE, Known, Trait
from twostroke.identity.projection.descriptions import _companies, display_name, search_text
from twostroke.identity.reading import Description, called, laid_together, memberships
from twostroke.identity.rules import exclusive, is_device, leads, precedence
from twostroke.identity.seeking import _telling_pieces
from twostroke.kit.text import texts_within

NAMESPACES = st.sampled_from(["user:site", "record:crm:contact", "email", "phone", "domain", "cookie", "device:site"])


def known(namespace: str, value: str | None, raw: str | None = None) -> Known:
    return Known("i" + namespace, namespace, value, raw if raw is not None else value)


def traits(**said: str) -> dict[str, Trait]:
    return {name: Trait(name, value, "crm", 1, "ms") for name, value in said.items()}


@pytest.mark.parametrize(
    ("said", "ids", "name"),
    [
        ({"name": "Anna Berg", "first_name": "A."}, [], "Anna Berg"),
        ({"first_name": "Anna", "last_name": "Berg"}, [], "Anna Berg"),
        ({"last_name": "Berg"}, [known(EMAIL, "a@x.example")], "Berg"),
        ({}, [known(PHONE, "+431"), known(EMAIL, "a@x.example")], "a@x.example"),
        ({}, [known(PHONE, "+431")], "+431"),
        ({"email": "masked@x"}, [known("record:crm:contact", "p1")], "masked@x"),
        ({}, [known("record:crm:contact", "p1", "P1")], "P1"),
        ({}, [known(EMAIL, None)], ""),
        ({}, [], ""),
    ],
)
def test_somebody_goes_by_their_name_else_by_how_they_are_reached(
    said: dict[str, str], ids: list[Known], name: str
) -> None:
    assert called(traits(**said), ids) == name


@given(st.lists(st.tuples(st.sampled_from("abc"), NAMESPACES), max_size=8))
def test_which_identifier_leads_depends_on_nothing_but_the_identifiers(pairs: list[tuple[str, str]]) -> None:
    found = leads(pairs)
    assert found == leads(reversed(pairs))
    ranks = {name: min((precedence(ns), ns) for one, ns in pairs if one == name) for name in found}
    assert [ranks[name] for name in dict.fromkeys(found)] == sorted(ranks[name] for name in dict.fromkeys(found))


def test_users_lead_before_records_addresses_phones_domains_others_and_devices() -> None:
    order = ["user:site", "record:crm:contact", "email", "phone", "domain", "cookie", "device:site"]
    assert sorted(set(order), key=precedence) == order
    assert [exclusive(one) for one in order] == [True, True, False, False, False, False, False]
    assert [is_device(one) for one in order] == [False] * 6 + [True]


SAID = st.dictionaries(st.sampled_from("abc"), st.tuples(st.integers(0, 9), st.text(max_size=3)), max_size=3)


@given(st.lists(SAID, max_size=4))
def test_of_each_field_the_newest_value_counts_over_all_descriptions(said: list[dict[str, tuple[int, str]]]) -> None:
    rows = [
        Description(
            str(n), "", {name: [value, at, "ms", "crm"] for name, (at, value) in one.items()}, [],
            {name: [at, n] for name, (at, _) in one.items()},
        )
        for n, one in enumerate(said)
    ]  # fmt: skip
    found = laid_together(rows)
    for name in {name for one in said for name in one}:
        best = max((one[name][0], n, one[name][1]) for n, one in enumerate(said) if name in one)
        assert (found[name].happened_at, found[name].value) == (best[0], best[2])
    assert list(found) == sorted(found)


def test_a_person_is_with_the_company_last_named_and_was_with_those_before() -> None:
    one = Description("s", "", {}, [["old", 1, 5, "crm"], ["new", 5, None, "crm"]], {})
    found = memberships([one], {"new": "new-key"})
    assert [(m.company, m.since, m.until, m.present) for m in found] == [
        ("new-key", 5, None, True),
        ("old", 1, 5, False),
    ]


def test_each_source_has_its_own_idea_of_whom_a_person_is_with() -> None:
    rows = [Description(s, "", {}, [[s, at, None, s]], {}) for s, at in (("crm", 1), ("site", 9))]
    assert [(m.company, m.present) for m in memberships(rows, {})] == [("site", True), ("crm", True)]


def test_the_next_company_ends_the_one_before() -> None:
    def at_company(company: str | None, at: int) -> Any:
        return told("person.described", at=at, company=company, subject="anna")

    lines = [at_company(c, at) for at, c in enumerate(["a", "a", None, "b", "anna", "a"], 1)]
    assert _companies(lines) == [["a", 1, 4, "crm"], ["b", 4, 6, "crm"], ["a", 6, None, "crm"]]


def test_a_display_name_is_the_whole_name_or_its_parts() -> None:
    assert display_name({"name": "Anna", "first_name": "X"}) == "Anna"
    assert display_name({"first_name": "Anna", "last_name": "Berg"}) == "Anna Berg"
    assert display_name({"last_name": "Berg"}) == "Berg"
    assert display_name({}) == display_name({"name": ""}) == ""


@given(st.lists(st.text(st.characters(codec="utf-8", categories=["L", "Zs"]), max_size=9), max_size=4))
def test_every_word_can_be_found_by_its_beginning(values: list[str]) -> None:
    from twostroke.kit.text import folded

    text = search_text(values)
    for value in values:
        for word in folded(value).split():
            assert f" {word}" in text


@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
        max_leaves=9,
    )
)
def test_every_text_within_a_value_is_found_however_deep(value: Any) -> None:
    def count(one: Any) -> int:
        if isinstance(one, str):
            return 1
        if isinstance(one, dict):
            return sum(map(count, one.values()))
        return sum(map(count, one)) if isinstance(one, list) else 0

    assert len(list(texts_within([value]))) == count(value)


@given(st.lists(st.text(max_size=80), max_size=12))
def test_what_may_have_been_quoted_is_long_enough_to_tell_and_never_too_much(texts: list[str]) -> None:
    pieces = _telling_pieces(texts)
    assert len(pieces) == len(set(pieces)) <= 500
    assert all(len(piece) <= 48 for piece in pieces)
    assert all(any(piece in text for text in texts) for piece in pieces)
    assert all(text[:48] in pieces and text[-48:] in pieces for text in texts if len(text) >= 8)
