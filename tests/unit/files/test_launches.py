"""Launches come in as such; cards of a fair are of one fair, which tells day from month."""

from __future__ import annotations

from pathlib import Path

from tests.unit.files.helpers import bring, write
from twostroke.connectors.files.queries import propose, read_tables
from twostroke.kit.time import day_of_number


def test_a_list_of_launches_says_what_went_out_when(tmp_path: Path) -> None:
    rows = [("1", "2026-03-02", "Campaign", "Half the power"), ("2", "2026-03-02", "Atrium Quiet", "New.")]
    brought = bring([write(tmp_path / "launches.csv", ("Launch", "Date", "What", "In a sentence"), rows)])
    assert [(d.kind, d.properties, d.personal) for d in brought.drafts()] == [
        ("campaign.launched", {"name": "Campaign"}, {"description": "Half the power"}),
        ("campaign.launched", {"name": "Atrium Quiet"}, {"description": "New."}),
    ]
    assert len({draft.subject for draft in brought.drafts()}) == 2


def fair(path: Path, dates: list[str]) -> Path:
    header = ("Scan no.", "Scanned at", "First name", "Last name", "E-mail", "Note", "Scanned by")
    rows = [(str(n), at, "A", f"B{n}", f"p{n}@example.com", "asks", "Jo") for n, at in enumerate(dates, 1)]
    return write(path, header, rows)


def test_cards_of_one_fair_tell_day_from_month(tmp_path: Path) -> None:
    path = fair(tmp_path / "fair.csv", ["05/05/2026 12:05 PM", "05/06/2026 01:18 PM", "05/07/2026 09:00 AM"])
    days = {(d.happened_at or 0) // 86_400_000 for d in bring([path]).drafts() if d.kind == "card.taken"}
    assert [day_of_number(day).isoformat() for day in sorted(days)] == ["2026-05-05", "2026-05-06", "2026-05-07"]


def test_cards_that_no_order_makes_one_fair_are_asked_about(tmp_path: Path) -> None:
    for dates in (["05/05/2026"] * 3, ["05/05/2026", "06/07/2026", "08/09/2026"], ["05/05/2026", "05/06/2026"]):
        path = fair(tmp_path / "fair.csv", [f"{date} 10:00" for date in dates])
        assert propose(read_tables([path]), None, "fair").open_questions, dates
