"""A list of leads and a list of deals won, as a stranger's tool wrote them: what a newcomer stumbled over once."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests.functional.import_steps import table, twostroke

pytestmark = pytest.mark.usefixtures("fresh_database")
LEADS = ("mql_id", "first_contact_date", "origin")
WON = ("mql_id", "seller_id", "sr_id", "won_date", "business_segment")
ORIGINS = ("social", "paid_search", "referral", "direct", "email", "display", "partner", "fair", "unknown", "")


def hexed(text: str) -> str:
    """An id as many programs make them: 32 hexadecimal digits."""
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


@pytest.fixture
def funnel(tmp_path: Path) -> list[Path]:
    leads = [(hexed(f"lead {n}"), f"2026-01-{n % 28 + 1:02}", ORIGINS[n % 10]) for n in range(80)]
    won = [
        (hexed(f"lead {n}"), hexed(f"shop {n}"), hexed(f"rep {n % 3}"), f"2026-03-{n % 28 + 1:02}", "pets")
        for n in range(30)
    ]
    return [table(tmp_path / "leads.csv", LEADS, leads), table(tmp_path / "won.csv", WON, won)]


def test_a_dry_run_says_what_each_column_was_taken_for(funnel: list[Path]) -> None:
    told = twostroke("import", *funnel, "--as", "funnel", "--dry-run").out
    assert "columns: mql_id → key, first_contact_date → created_at, origin → source" in told
    assert "won_date → closed_at" in told
    assert "kept under their own names: " in told


def test_who_has_one_deal_each_is_no_seller_and_who_has_many_is(funnel: list[Path]) -> None:
    twostroke("import", *funnel, "--as", "funnel")
    rows = twostroke("metric", "pipeline", "--by", "owner", "--json").json["rows"]
    assert sorted(row["measures"]["count"] for row in rows) == [10, 10, 10]


def test_an_owner_is_called_by_their_name_not_by_an_id_of_ours(funnel: list[Path]) -> None:
    twostroke("import", *funnel, "--as", "funnel")
    told = twostroke("metric", "pipeline", "--by", "owner").out
    assert all(hexed(f"rep {n}") in told for n in range(3))


def test_a_lead_is_found_by_an_id_that_looks_like_one_of_ours(funnel: list[Path]) -> None:
    twostroke("import", *funnel, "--as", "funnel")
    told = twostroke("timeline", hexed("lead 0"))
    assert told.code == 0, told.err
    assert "Deal won" in told.out
    assert twostroke("find", hexed("lead 79")).out.count("person") == 1


def test_nobody_has_an_id_that_is_neither_ours_nor_theirs(funnel: list[Path]) -> None:
    twostroke("import", *funnel, "--as", "funnel")
    assert twostroke("timeline", hexed("nobody")).code == 1


def test_a_word_taken_as_missing_counts_once_the_mapping_says_that_it_means_something(
    funnel: list[Path], tmp_path: Path
) -> None:
    told = twostroke("import", *funnel, "--as", "funnel").out
    assert "If it does mean something, write missing: []" in told
    mapping = Path(told.split("to edit: ")[1].split("\n")[0])
    text = mapping.read_text("utf-8")
    assert "- unknown" in text
    mapping.write_text(text.replace("missing:\n          - unknown", "missing: []"), "utf-8")
    twostroke("import", *funnel, "--as", "funnel")
    told = twostroke("metric", "lifecycle", "--by", "channel").out
    assert "unknown" in told
    assert "(none)" in told
    assert "missing: []" in mapping.read_text("utf-8")
