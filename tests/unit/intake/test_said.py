"""What a file said of its records is what a plain dict would remember, however large the file."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twostroke.intake import said
from twostroke.intake.said import Said

_BITS60 = st.one_of(st.integers(0, 40), st.integers(0, (1 << 60) - 1))
_SLICES = st.lists(st.dictionaries(_BITS60, _BITS60, max_size=12), max_size=12)


@given(slices=_SLICES, asked=st.lists(_BITS60, max_size=20), newest=st.integers(1, 30))
def test_it_answers_as_a_dict_would(slices: list[dict[int, int]], asked: list[int], newest: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(said, "_NEWEST", newest)
        told, plain = Said(), dict[int, int]()
        for some in slices:
            told.update(some)
            plain |= some
            every = [*asked, *plain]
            assert told.of(every) == {record: plain[record] for record in every if record in plain}
            assert [record in told for record in every] == [record in plain for record in every]


def test_what_is_no_record_is_not_in_it() -> None:
    assert "a" not in Said()
    assert Said().of(()) == {}


def test_a_million_records_take_less_than_twenty_bytes_each() -> None:
    told = Said()
    for start in range(0, 1_000_000, 50_000):
        told.update({record * 7919: record for record in range(start, start + 50_000)})
    assert sum(map(sys.getsizeof, (*(told._sorted or ()), told._newest))) < 20 * 1_000_000
    assert told.of([7919 * 999_999, 7919 * 3, 5]) == {7919 * 999_999: 999_999, 7919 * 3: 3}
