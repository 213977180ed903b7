"""Pure decisions of the log: the order of lines, the links of the chain, the message that counts."""

from __future__ import annotations

import hashlib
import hmac
import json

from hypothesis import given
from hypothesis import strategies as st

from twostroke.kit.time import DAY_MS
from twostroke.ledger import rules
from twostroke.ledger.facts import LINE_COLUMNS, Line, Place
from twostroke.ledger.rules import Attested

_PLAIN = Line(*[None] * len(LINE_COLUMNS))._replace(  # type: ignore[arg-type]
    source="crm", message_id="m", part=0, kind="deal.moved", precision="ms", recorded_at=9_000_000
)
_KINDS = {
    "deal.opened": (1, Place.FIRST),
    "deal.moved": (2, Place.MIDDLE),
    "deal.won": (3, Place.LAST),
}
# A day of 25 hours: clocks went back in Berlin on 25 October 2020.
_LONG_DAY = 18_560


def _at(line: Line, zone: str = "Europe/Berlin") -> int:
    return rules.order_key(zone, _KINDS)(line).at


def test_an_exact_line_stands_at_its_instant() -> None:
    assert _at(_PLAIN._replace(happened_at=5)) == 5


def test_a_line_of_unknown_time_stands_where_it_was_recorded() -> None:
    assert _at(_PLAIN._replace(precision="unknown")) == 9_000


def test_a_line_known_by_its_day_stands_at_its_kinds_place_in_that_day_of_the_zone() -> None:
    day = _PLAIN._replace(precision="day", happened_at=_LONG_DAY * DAY_MS)
    start = _LONG_DAY * DAY_MS - 2 * 3_600_000
    assert _at(day._replace(kind="deal.opened")) == start
    assert _at(day) == start + 25 * 3_600_000 // 2
    assert _at(day._replace(kind="deal.won")) == start + 25 * 3_600_000 - 1
    assert _at(day._replace(kind="deal.opened"), "UTC") == _LONG_DAY * DAY_MS


def test_at_one_instant_the_kind_then_the_names_decide() -> None:
    key = rules.order_key("UTC", _KINDS)
    lines = [
        _PLAIN._replace(happened_at=5, kind="deal.opened", source="z"),
        _PLAIN._replace(happened_at=5, source="a", message_id="z", part=3),
        _PLAIN._replace(happened_at=5, source="b", message_id="a"),
        _PLAIN._replace(happened_at=5, source="b", message_id="b"),
        _PLAIN._replace(happened_at=5, source="b", message_id="b", part=1),
    ]
    lines_mixed = [*lines[3:], *lines[:3]]
    assert sorted(lines_mixed, key=key) == lines


def test_the_order_reads_neither_seq_nor_event_id() -> None:
    key = rules.order_key("UTC", _KINDS)
    assert key(_PLAIN._replace(seq=1, event_id="a")) == key(_PLAIN._replace(seq=2, event_id="b"))


def test_a_link_is_the_hmac_of_the_link_before_the_commit_and_its_lines() -> None:
    lines = [rules.line_bytes((1, "a", None)), rules.line_bytes((2, "ü", 3))]
    said = json.dumps(["0" * 64, 1, 5, "{}"], separators=(",", ":")) + '\n[1,"a",null]\n[2,"ü",3]'
    expected = hmac.new(b"key", said.encode(), hashlib.sha256).hexdigest()
    assert rules.commit_hash(b"key", rules.NO_HASH, 1, 5, "{}", lines) == expected


def test_content_and_salt_of_a_side_row_cannot_be_shifted_into_each_other() -> None:
    assert rules.personal_digest("ab", "c") != rules.personal_digest("a", "bc")


def test_the_later_version_then_the_later_import_then_the_lower_row_counts() -> None:
    worst_to_best = [Attested(1, 9, 9, "a"), Attested(2, 1, 9, "b"), Attested(2, 2, 1, "c"), Attested(2, 2, 2, "d")]
    for number, best in enumerate(worst_to_best, 1):
        assert rules.counting(reversed(worst_to_best[:number])) == best.message_id


def test_without_an_attestation_nothing_counts() -> None:
    assert rules.counting([]) is None


def test_the_same_word_under_the_same_date_keeps_its_first_place() -> None:
    assert rules.counting([Attested(5, 10, 1, "a"), Attested(5, 20, 1, "b"), Attested(5, 30, 1, "a")]) == "b"


def test_the_same_word_under_a_later_date_counts_again() -> None:
    assert rules.counting([Attested(5, 10, 1, "a"), Attested(5, 20, 1, "b"), Attested(6, 30, 1, "a")]) == "a"


def test_within_one_file_a_later_row_is_a_later_word() -> None:
    assert rules.counting([Attested(5, 10, 1, "a"), Attested(5, 10, 2, "b"), Attested(5, 10, 3, "a")]) == "a"


def test_a_file_dated_in_the_future_says_what_was_true_when_it_came() -> None:
    assert rules.version_time(50, 20) == 20
    assert rules.version_time(10, 20) == 10
    assert rules.version_time(None, 20) == 20


@given(st.permutations([Attested(v, s, r, m) for v in (1, 2) for s in (3, 4) for r in (1, 2) for m in "ab"]))
def test_the_order_in_which_attestations_come_does_not_matter(said: list[Attested]) -> None:
    assert rules.counting(said) == rules.counting(sorted(said))
