"""A line in a short phrase; a person's file as a page that can be read and runs nothing."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.lines import told
from twostroke.identity import words
from twostroke.identity.page import as_told, page
from twostroke.identity.words import shortened, words_of
from twostroke.site.wiring import all_kinds

KINDS = {kind.name: kind for kind in all_kinds()}
OPAQUE = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize("name", sorted(KINDS))
def test_every_kind_of_line_has_a_phrase(name: str) -> None:
    phrase = words_of(told(name))
    assert phrase
    assert phrase[0].isupper()
    assert not set("._{}:") & set(phrase)


def test_phrases_and_details_are_of_kinds_there_are() -> None:
    assert words._PHRASES.keys() <= KINDS.keys()
    assert words._TO.keys() <= KINDS.keys()


@pytest.mark.parametrize(
    ("kind", "said", "personal", "phrase"),
    [
        ("deal.moved", {"stage": "Negotiation"}, {}, "Deal moved: Negotiation"),
        ("stage.reached", {"stage": "mql", "name": "Marketing qualified"}, {}, "Stage reached: Marketing qualified"),
        ("call.made", {"outcome": "Connected"}, {"notes": "wants a price"}, "Call made: Connected"),
        ("call.made", {}, {"notes": "wants a price"}, "Call made: wants a price"),
        ("call.made", {}, {"notes": 5}, "Call made"),
        ("feedback.heard", {}, {"verbatim": "Too slow"}, "Said: Too slow"),
        ("action.taken", {"name": "Pressed"}, {}, "Action: Pressed"),
    ],
)
def test_a_phrase_says_what_it_was_about(
    kind: str, said: dict[str, Any], personal: dict[str, Any], phrase: str
) -> None:
    assert words_of(told(kind, said=said, personal=personal)) == phrase


def test_the_content_is_named_where_nothing_better_is() -> None:
    assert words_of(told("mail.sent", content="Spring letter")) == "Mail sent: Spring letter"


@given(st.text(max_size=400))
def test_a_long_text_is_cut_in_one_line_and_says_so(text: str) -> None:
    short = shortened(text)
    flat = " ".join(text.split())
    assert len(short) <= 140
    assert "\n" not in short
    assert short == flat or (short.endswith("…") and flat.startswith(short[:-1].rstrip()))


class Reader(HTMLParser):
    """What a browser would find on a page: its tags, attributes and text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-99, 99) | st.text(max_size=12) | st.just("<script>x</script>"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@given(st.text(max_size=20), st.lists(st.dictionaries(st.text(max_size=8), VALUES, max_size=4), max_size=3))
def test_whatever_is_known_of_a_person_the_page_is_text_and_fetches_nothing(
    name: str, things: list[dict[str, Any]]
) -> None:
    reader = Reader()
    reader.feed(page(name, "2026-11-22", [("what they said <b>", things)]))
    allowed = {
        "html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "table", "thead", "tbody", "tr", "th", "td",
        "dl", "dt", "dd", "br",
    }  # fmt: skip
    assert set(reader.tags) <= allowed
    assert {name for name, _ in reader.attributes} <= {"lang", "charset", "name", "content", "class"}


def test_a_page_shows_every_value_under_its_name_and_leaves_out_our_own_ids() -> None:
    line = {
        "kind": "deal.won", "happened_at": "2026-04-20", "subject": OPAQUE, "amount_minor": 1_840_050,
        "currency": "EUR",
        "properties": {"reason": "price", "company": OPAQUE}, "personal": {"notes": "Zoë & Söhne"}, "seq": 5,
    }  # fmt: skip
    told_ = page("Anna Berg", "2026-11-22", [("lines", [line])])
    for word in (
        "Anna Berg",
        "2026-11-22",
        "deal.won",
        "18400.50 EUR",
        "Reason",
        "price",
        html.escape("Zoë & Söhne"),
    ):
        assert word in told_, word
    assert OPAQUE not in told_
    assert "Seq" not in told_


def test_instants_on_the_page_are_read_by_people() -> None:
    told_ = page("A", "x", [("x", [{"created_at": 1_783_944_000_000, "since": 1_783_900_800_000, "count": 7}])])
    assert "2026-07-13 12:00 UTC" in told_
    assert ">2026-07-13<" in told_
    assert ">7<" in told_


def test_of_what_there_is_nothing_the_page_says_nothing() -> None:
    assert '<p class="none">Nothing.</p>' in page("A", "x", [("deals", [])])
    assert "A person without a name" in page("", "x", [])


def test_who_they_are_comes_first_then_how_they_stand_then_what_happened() -> None:
    stores = {(room, f"of {room}"): [] for room in ("queue", "ledger", "deals", "identity", "relay")}
    assert [what for what, _ in as_told(stores.items())] == [
        "of identity", "of relay", "of deals", "of ledger", "of queue",
    ]  # fmt: skip


def test_columns_people_look_for_come_first() -> None:
    told_ = page("A", "x", [("x", [{"zebra": 1, "source": "crm"}, {"kind": "call.made"}])])
    assert re.findall(r"<th>([^<]+)</th>", told_) == ["Kind", "Source", "Zebra"]
