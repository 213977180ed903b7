"""What both teams did: the leader's sentences, the latest touches side by side, touches by month."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from tests.cast import LEA, SAM
from tests.functional.screens import SignIn, page, words
from tests.functional.web_data import bring_in
from twostroke.connectors.files.actions import Wish, run_import
from twostroke.kit.time import now_millis
from twostroke.metrics import queries as metrics
from twostroke.metrics.facts import Row
from twostroke.web.home.headline import headline
from twostroke.web.home.shapes import Home, laid_out
from twostroke.web.numbers.lifecycle import biggest_step, lifecycle_card
from twostroke.web.numbers.touches import month_words

# Newest first, as a CRM may write them: the order of the file is not the order of time.
DAYS = ("2026-05-04", "2026-05-02", "2026-04-17", "2026-04-09", "2026-04-08", "2026-04-03", "2026-04-01")
ACTIVITIES = (
    "Activity ID,Activity type,Activity date,Owner,Contact ID,Deal ID,Subject,Outcome,Minutes,Notes\n"
    + "".join(
        f"A{n},Call,{day} 10:00,Sofia Hall,p1,d2,Call no {n},Connected,12,Wants the warranty in writing.\n"
        for n, day in enumerate(DAYS)
    )
)


@pytest.fixture
def firm(fresh_database: None, tmp_path: Path) -> None:
    bring_in(tmp_path / "firm")
    file = tmp_path / "activities.csv"
    file.write_text(ACTIVITIES, "utf-8")
    run_import(Wish(paths=(file,), source="crm"))


@pytest.mark.usefixtures("firm")
def test_the_leaders_home_begins_with_what_was_won_where_people_stay_and_who_acted(signed_in: SignIn) -> None:
    html = page(signed_in(LEA), "/")
    said = words(html)
    assert "EUR 18,400.50 won, 50 % of what was decided; EUR 9,600 open in 2 deals." in said
    assert "In May 2026 marketing touched 0 times, sales 2 times; customers moved 0 times." in said
    assert html.index('class="headline"') < html.index('class="figures"')
    assert 'class="headline"' not in page(signed_in(SAM), "/")


@pytest.mark.usefixtures("firm")
def test_the_latest_five_of_a_team_stand_on_home_by_time_not_by_file(signed_in: SignIn) -> None:
    html = page(signed_in(LEA), "/")
    assert re.findall(r"Call made: Call no (\d)", html) == ["0", "1", "2", "3", "4"]


@pytest.mark.usefixtures("firm")
def test_the_latest_of_each_team_are_found_however_much_another_team_did_since(tmp_path: Path) -> None:
    before = metrics.latest_touches(each=5, until=now_millis())
    views = "Visitor ID,Response,Response date\n" + "".join(
        f"v{n}@elsewhere.example,Page viewed,2026-05-04 09:{n % 60:02d}\n" for n in range(3000)
    )
    (tmp_path / "views.csv").write_text(views.replace("Visitor ID", "Contact email"), "utf-8")
    run_import(Wish(paths=(tmp_path / "views.csv",), source="site"))
    after = metrics.latest_touches(each=5, until=now_millis())
    assert after["sales"] == before["sales"] != []
    assert {team: len(seqs) for team, seqs in after.items() if team != "sales"} == {"customer": 5}
    assert "sales" not in metrics.latest_touches(each=5, until=0)


@pytest.mark.usefixtures("firm")
def test_records_wait_behind_their_filter_where_something_happened(signed_in: SignIn) -> None:
    client = signed_in(SAM)
    found = re.search(r'href="(/people/[^"]+/)"', page(client, "/people/?q=Anna Berg"))
    assert found is not None
    html = page(client, found[1])
    assert re.findall(r'data-team-filter="(\w+)"[^>]* aria-pressed="false"', html) == ["system"]
    assert {"hidden" in tag for tag in re.findall(r'<li class="line line-system"[^>]*>', html)} == {True}
    assert {"hidden" in tag for tag in re.findall(r'<li class="line line-sales"[^>]*>', html)} == {False}


@pytest.mark.usefixtures("firm")
def test_a_persons_stream_shows_the_note_the_outcome_and_the_minutes_of_a_call(signed_in: SignIn) -> None:
    client = signed_in(SAM)
    found = re.search(r'href="(/people/[^"]+/)"', page(client, "/people/?q=Anna Berg"))
    assert found is not None
    said = words(page(client, found[1]))
    assert "Wants the warranty in writing." in said
    assert "Connected · 12 min" in said


@pytest.mark.usefixtures("firm")
def test_touches_have_a_chart_by_team_and_a_row_a_month_newest_first(signed_in: SignIn) -> None:
    html = page(signed_in(LEA), "/numbers/touches/")
    assert "7 touches are on the log: 7 by push, 0 by pull." in words(html)
    assert re.findall(r'<tr><th scope="row">(\w+ \d+)</th><td class="number">(\d+)', html) == [
        ("May 2026", "2"), ("Apr 2026", "5"),
    ]  # fmt: skip
    assert "var(--sales)" in html


@pytest.mark.usefixtures("firm")
def test_a_number_without_a_page_of_its_own_says_names_money_and_what_is_behind_it(signed_in: SignIn) -> None:
    client = signed_in(LEA)
    said = words(page(client, "/numbers/conversion/?by=owner"))
    assert "Sofia Hall" in said
    assert re.search(r"\b[0-9a-f]{32}\b", said) is None
    assert "EUR 18,400.50" in words(page(client, "/numbers/last_touch/"))
    for name in ("conversion", "last_touch", "orders", "waiting", "events"):
        assert page(client, f"/numbers/{name}/who/")


@pytest.mark.usefixtures("fresh_database")
def test_an_empty_log_has_no_headline_and_no_touches() -> None:
    results = {name: metrics.compute(name) for name in ("pipeline", "lifecycle", "touches")}
    assert headline(**results) == []


@pytest.mark.usefixtures("firm")
def test_the_lifecycle_copes_with_any_stages_left_out() -> None:
    whole = metrics.compute("lifecycle")

    def of(*counts: tuple[str, int, int]) -> tuple[Row, ...]:
        return tuple(Row({"stage": s}, {"count": n, "value": str(n), "here": here}) for s, n, here in counts)

    for rows, step in (
        (of(), None),
        (of(("customer", 1, 1)), None),
        (of(("lead", 3, 3)), None),
        (of(("lead", 9, 7), ("customer", 2, 2)), ("lead", "customer", 7)),
        (of(("mql", 4, 0), ("customer", 4, 4)), None),
    ):
        result = dataclasses.replace(whole, rows=rows)
        assert biggest_step(result) == step
        assert lifecycle_card(result).sentence


@pytest.mark.parametrize(
    ("month", "said"), [("2026-11", "Nov 2026"), ("2026-01", "Jan 2026"), ("", "time unknown"), (None, "time unknown")]
)
def test_a_month_is_written_for_reading(month: str | None, said: str) -> None:
    assert month_words(month) == said


def test_a_home_leaves_out_blocks_columns_and_rows_with_nothing_in_them() -> None:
    home = Home([], [], None, None, [], [], [], 0, [], [])
    layout = ((("pipeline", "deals"), ("lifecycle",)), (("touches",),))
    assert laid_out(layout, home) == []
    some = dataclasses.replace(home, deals=["a deal"])  # type: ignore[list-item]
    assert laid_out(layout, some) == [[["deals"]]]
