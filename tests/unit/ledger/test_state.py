"""States written to files, sorted, hashed and compared."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twostroke.deals.models import Deal
from twostroke.kit.canonical import canonical_json
from twostroke.ledger import state
from twostroke.ledger.facts import Difference


def _file(path: Path, *rows: tuple[str, list[object], dict[str, object]]) -> Path:
    state.write_sorted((canonical_json(list(row)) + b"\n" for row in rows), path)
    return path


ONE = ("deals.deal", ["a"], {"stage": "won", "name": "ü"})
TWO = ("deals.deal", ["ab"], {"stage": "won", "name": None})
THREE = ("relay.standing", ["a"], {"stage": "lead"})


def test_equal_states_do_not_differ_whatever_order_they_were_written_in(tmp_path: Path) -> None:
    assert state.diff(_file(tmp_path / "a", ONE, TWO, THREE), _file(tmp_path / "b", THREE, ONE, TWO)) is None


def test_the_first_row_and_column_that_differ_are_named(tmp_path: Path) -> None:
    left = _file(tmp_path / "a", ONE, TWO, THREE)
    right = _file(tmp_path / "b", ONE, ("deals.deal", ["ab"], {"stage": "open", "name": None}))
    assert list(state.differences(left, right)) == [
        Difference("deals.deal", ("ab",), "stage", "won", "open"),
        Difference("relay.standing", ("a",), "", {"stage": "lead"}, None),
    ]


def test_a_row_only_the_other_side_has_is_named(tmp_path: Path) -> None:
    assert state.diff(_file(tmp_path / "a", ONE), _file(tmp_path / "b", ONE, TWO)) == Difference(
        "deals.deal", ("ab",), "", None, {"stage": "won", "name": None}
    )


def test_the_hash_of_a_room_is_the_hash_of_its_sorted_lines(tmp_path: Path) -> None:
    found = state.hash_of(_file(tmp_path / "a", THREE, TWO, ONE))
    lines = b"".join(canonical_json(list(row)) + b"\n" for row in (ONE, TWO))
    assert found["deals"] == hashlib.sha256(lines).hexdigest()
    assert found["identity"] == hashlib.sha256().hexdigest()


@given(st.lists(st.binary(max_size=4).filter(lambda b: b"\n" not in b)), st.integers(1, 5))
def test_sorting_in_parts_is_sorting(lines: list[bytes], at_once: int) -> None:
    import tempfile

    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        patch.setattr(state, "_SORTED_AT_ONCE", at_once)
        file = Path(folder) / "sorted"
        state.write_sorted((line + b"\n" for line in lines), file)
        assert file.read_bytes() == b"".join(sorted(line + b"\n" for line in lines))


@pytest.mark.django_db
def test_the_state_hash_of_a_known_row_is_the_same_on_every_database() -> None:
    Deal.objects.create(
        subject="d", status="won", stage="Größe", amount_minor=2**53 + 1, currency="EUR", opened_precision="unknown",
        closed_precision="day", closed_at=86_400_000, source="crm",
    )  # fmt: skip
    said = (
        '["deals.deal",["d"],{"amount_minor":9007199254740993,"closed_at":86400000,"closed_precision":"day",'
        '"company":null,"currency":"EUR","expected_close":null,"name":null,"opened_at":null,'
        '"opened_precision":"unknown","owner":null,"person":null,"pipeline":null,"product":null,"reason":null,'
        '"source":"crm","stage":"Größe","status":"won"}]\n'
    )
    assert state.state_hash()["deals"] == hashlib.sha256(said.encode()).hexdigest()
