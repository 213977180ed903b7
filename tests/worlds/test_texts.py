"""Names, domains and sentences: made of parts by whole numbers, never two the same where that matters."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worlds.texts import firms, names, site, words
from worlds.texts.firms import domain, firm_name
from worlds.texts.names import FIRST, INFLUENCE, LAST, ROLES, TITLES, plain

NUMBERS = st.integers(0, 2**40)
STYLES = st.sampled_from(["hotel", "office", "cafe", "plant", "household", "something else"])
COUNTRIES = st.sampled_from([*LAST, "XX"])
FACTS = {"first": "Anna", "last": "Berg", "firm": "Nordwind AG", "title": "Buyer", "desks": 40}


@given(STYLES, COUNTRIES, NUMBERS)
def test_every_firm_but_a_household_has_a_tidy_name_and_the_same_number_the_same(
    style: str, country: str, number: int
) -> None:
    name = firm_name(style, country, number)
    assert name == firm_name(style, country, number)
    assert (name == "") == (style == "household")
    assert name == " ".join(name.split())


@pytest.mark.parametrize("style", ["hotel", "office", "cafe", "plant"])
def test_names_of_firms_are_many(style: str) -> None:
    assert len({firm_name(style, "DE", number) for number in range(0, 300_000, 61)}) > 300


@given(st.lists(st.tuples(st.text(max_size=20), NUMBERS), max_size=20))
def test_no_two_firms_have_one_domain_and_none_could_be_anybodys(firms_: list[tuple[str, int]]) -> None:
    taken: set[str] = set()
    found = [domain(name, number, taken) for name, number in firms_]
    assert len(found) == len(set(found))
    assert set(found) == taken
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9-]*\.example", one) for one in found), found


def test_the_form_of_a_firm_is_no_part_of_its_domain() -> None:
    assert domain("Brandt & Krahn Legal GmbH", 1, set()) == "brandt-krahn-legal.example"
    assert domain("", 1_234_567, set()) == "familie-34567.example"


@given(st.text(max_size=30))
def test_what_is_typed_into_an_address_is_plain(text: str) -> None:
    assert re.fullmatch(r"([a-z0-9]+(-[a-z0-9]+)*)?", plain(text))
    assert plain(plain(text)) == plain(text)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Jürgen", "juergen"), ("Łukasz", "lukasz"), ("Ó Faoláin", "o-faolain"), ("Stößer", "stoesser"),
        ("van der Meulen", "van-der-meulen"), ("Yıldızhan", "yildizhan"), ("Åkerlind", "akerlind"),
    ],
)  # fmt: skip
def test_names_are_typed_as_their_owners_would(name: str, typed: str) -> None:
    assert plain(name) == typed


def test_every_name_can_be_typed_into_an_address() -> None:
    for pool in (*FIRST.values(), *LAST.values()):
        assert all(plain(name) for name in pool)
        assert len(set(pool)) == len(pool)


def test_every_country_has_first_and_last_names_and_every_role_its_titles_and_weight() -> None:
    assert FIRST.keys() == LAST.keys()
    assert set(names.ELSEWHERE) <= LAST.keys()
    assert len(INFLUENCE) == len(ROLES)
    for titles in TITLES.values():
        assert len(titles) == len(ROLES)
        assert all(one for one in titles)
    assert firms._HEADS.keys() == TITLES.keys()


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_sentences_ask_for_no_fact_that_is_not_given() -> None:
    for pool in (words._MIDDLE, words._BYE):
        assert all(fields(text) <= {"first", "last", "firm", "desks"} for text in pool)
    for pool in (words._OPEN_NOTE, words._OPEN_MEETING, words._STATE_EARLY, words._STATE_DEAL, words._STATE_PROPOSAL):
        assert all(fields(text) <= {"first", "last", "title", "desks"} for text in pool)


@given(st.sampled_from([*words.SAID, "anything else"]), NUMBERS)
def test_a_message_to_support_is_whole_and_the_same_for_the_same_number(theme: str, number: int) -> None:
    message = words.support_message(theme, number, FACTS)
    assert message == words.support_message(theme, number, FACTS)
    assert message
    assert "{" not in message
    assert words.said(theme, number // 11) in message


@given(
    st.sampled_from(["call", "meeting", "visit"]), st.sampled_from(["early", "deal", "proposal"]), NUMBERS,
    st.sampled_from(["", "How fast is service?"]),
)  # fmt: skip
def test_a_note_of_a_talk_names_who_it_was_with_and_what_they_asked(
    kind: str, stage: str, number: int, asks: str
) -> None:
    note = words.talk_note(kind, stage, number, FACTS, asks)
    assert "{" not in note
    assert note == note.strip()
    assert asks in note
    assert note[0].isupper() or note.startswith("Anna")


@given(st.sampled_from(["call_missed", "mail", "card"]), NUMBERS)
def test_a_short_note_is_short(kind: str, number: int) -> None:
    assert 0 < len(words.short_note(kind, number)) < 60


def test_what_people_say_is_said_once_and_of_one_theme() -> None:
    said = [sentence for sentences in words.SAID.values() for sentence in sentences]
    assert len(said) == len(set(said))
    assert all(len(sentences) >= 4 for sentences in words.SAID.values())


def test_the_pages_of_the_site_have_addresses_and_weights() -> None:
    paths = [page[1] for page in site.PAGES]
    assert len(set(paths)) == len(paths)
    assert all(path.startswith("/") and early > 0 and late > 0 for _, path, early, late in site.PAGES)
    named = {
        site.PRICING: "/pricing",
        site.SERVICE: "/service",
        site.CONTACT: "/contact",
        site.CARE: "/care",
        site.SHOP: "/shop",
    }
    assert all(site.PAGES[at][1] == path for at, path in named.items())
    assert [len(site.EARLY), len(site.LATE)] == [len(site.PAGES)] * 2
