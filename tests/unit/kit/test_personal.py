"""Whether a text names a person: as a whole word, in any spelling, and nobody who only looks alike."""

from __future__ import annotations

import base64
import gzip
import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.raw_bytes import packed
from twostroke.kit.personal import Sought
from twostroke.kit.traces import Traces, readings

ID = "0123456789abcdef0123456789abcdef"
ANNA = Sought(
    key=ID, ids=frozenset({ID}), words=("anna@firm.example", "+43 660 1234567", "Anna Berg"),
    records=(("crm", "p-1"),), parts=("Anna", "Berg"), said=frozenset({"wants the blue one by Friday"}),
)  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "anna@firm.example", "Mail: <ANNA@FIRM.EXAMPLE>, thanks", "anna@firm.example.", "anna@firm.example\nBo",
        "call +43 660 1234567", "call +436601234567", "+43-660-123-45-67", "(+43) 660/1234567", "Anna Berg",
        "ANNA  BERG",
        "Berg, Anna", "anna\tberg", "Berg;Anna", f"subject {ID} moved", f'{{"id":"{ID}"}}',
    ],
)  # fmt: skip
def test_a_person_is_named_by_address_number_name_and_id(text: str) -> None:
    assert ANNA.is_named_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "joanna@firm.example", "anna@firm.example.com", "anna@firm.examples", "hanna@firm.example",
        "x+43 660 12345678",
        "9436601234567", "Anna Bergmann", "Johanna Berg", "Bergen, Anna", "Anna and her Berg", f"{ID}0", f"a{ID}",
        "anna-lena.berg", "anna@firm",
    ],
)  # fmt: skip
def test_whoever_only_looks_alike_is_somebody_else(text: str) -> None:
    assert not ANNA.is_named_in(text)


def test_a_name_ends_where_a_file_ending_or_the_next_sentence_begins() -> None:
    anna = Sought(key=ID, ids=frozenset({ID}), words=("Anna Berg",))
    for text in ("Anna Berg.csv", "Dr.Anna Berg", "Anna Berg-2026.xlsx", "by Anna Berg.Then", "(Anna Berg)"):
        assert anna.is_named_in(text), text
    for text in ("Anna Berg-Huber", "Eva-Anna Berg", "Anna Bergmann", "Anna Berg_old", "MAnna Berg"):
        assert not anna.is_named_in(text), text


def test_a_quote_of_what_is_said_of_them_may_be_theirs() -> None:
    assert ANNA.may_be_in("she WANTS the blue one BY friday, she said")
    assert not ANNA.may_be_in("wants the red one by Friday")


def test_a_row_is_theirs_by_name_or_by_record_of_its_source_and_a_part_of_the_name() -> None:
    assert ANNA.is_in_row("crm", ["p-1", "Anna", "x"])
    assert ANNA.is_in_row("crm", [None, "Anna", "Berg"])
    assert ANNA.is_in_row("other", ["P-1", "anna@firm.example"])
    assert not ANNA.is_in_row("other", ["p-1", "Anna", "x"])
    assert not ANNA.is_in_row("crm", ["p-1", "Bo", "x"])
    assert not ANNA.is_in_row("crm", ["p-10", "Anna", "x"])


def test_a_row_of_somebody_without_a_name_is_theirs_by_its_record_alone() -> None:
    nameless = Sought(key=ID, ids=frozenset({ID}), records=(("crm", "p-1"),))
    assert nameless.is_in_row("crm", ["p-1", 5])
    assert not nameless.is_in_row("crm", ["p-2", 5])


def test_of_somebody_nothing_is_known_of_nothing_is_found() -> None:
    nobody = Sought(key="", ids=frozenset())
    assert not nobody.is_named_in("anything at all")
    assert not nobody.may_be_in("anything at all")
    assert not nobody.is_in_bytes(b"anything")


WORDS = st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=6, max_size=16)


def spelled(text: str) -> dict[str, bytes]:
    """The text as files, addresses and messages hold it."""
    return packed(text) | {
        "big end first": text.encode("utf-16-be"),
        "json": json.dumps({"x": [text]}).encode(),
        "an address": b"https://x.example/?q=" + quote(text, safe="").encode(),
        "gzip within": b"PREFIX" + gzip.compress(text.encode()) + b"SUFFIX",
        **{f"base64 after {n}": base64.b64encode(b"x" * n + text.encode() + b"y" * 3) for n in range(3)},
    }


@given(WORDS, st.text("abc ,;\n", max_size=20), st.text("abc ,;\n", max_size=20))
def test_a_word_is_found_however_it_was_written(word: str, before: str, after: str) -> None:
    for how, data in spelled(f"{before}{word}{after}").items():
        assert Traces([word]).in_bytes(data) == {word}, how


@given(WORDS, WORDS)
def test_a_word_that_is_not_there_is_not_found(word: str, other: str) -> None:
    if word.casefold() not in other.casefold():
        found = Traces([word]).in_text(other)
        assert found == set() or (found == {word} and word.lower() in other.lower())


@given(st.lists(WORDS, min_size=1, max_size=6, unique=True), st.data())
def test_of_many_words_exactly_those_that_are_there_are_found(words: list[str], data: st.DataObject) -> None:
    there = data.draw(st.lists(st.sampled_from(words), unique=True))
    text = " | ".join(there)
    assert {word for word in words if word in text} <= Traces(words).in_text(text)
    assert all(word.casefold() in text.casefold() or word in there for word in Traces(words).in_text(text))


def test_words_too_short_to_tell_are_not_looked_for() -> None:
    assert Traces(["Bo", "short", "longer"]).words == ("longer",)
    assert Traces([]).in_bytes(b"anything") == set()


@pytest.mark.parametrize(
    "data", [b"", b"\x1f\x8b\x08", b"\x1f\x8b\x08garbage", b"PK\x03\x04broken", b"\x00" * 9, b"abc"]
)
def test_broken_and_empty_bytes_hold_nothing_and_break_nothing(data: bytes) -> None:
    assert Traces(["anna@firm.example"]).in_bytes(data) == set()
    assert list(readings(data))


def test_a_file_is_looked_through_in_pieces_and_one_that_went_is_empty(tmp_path: object) -> None:
    from pathlib import Path

    file = Path(str(tmp_path)) / "large.bin"
    # The word lies across the border of two pieces that are read one after the other.
    file.write_bytes(b"x" * ((4 << 20) - 5) + b"anna@firm.example" + b"y" * 100)
    assert Traces(["anna@firm.example"]).in_file(file) == {"anna@firm.example"}
    assert Traces(["anna@firm.example"]).in_file(file.with_name("gone")) == set()


def test_bytes_name_a_person_whole_and_not_in_pieces() -> None:
    assert ANNA.is_in_bytes(gzip.compress(b"to anna@firm.example please"))
    assert not ANNA.is_in_bytes(gzip.compress(b"to joanna@firm.example please"))
