"""What was spent, from the platforms' own reports: to the cent, in one currency, on every face the same."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client

from tests.cast import LEA, Person
from tests.functional.import_steps import bring, odd, sums, twostroke

pytestmark = pytest.mark.usefixtures("fresh_database")

GOOGLE = '''Campaign report
"June 1, 2026 - June 30, 2026"
Day,Campaign status,Campaign,Budget,Currency code,Impr.,Clicks,CTR,Avg. CPC,Cost,Conversions
2026-06-01,Enabled,Brand,10.00,EUR,"1,201",31,2.58%,0.51,15.95,2.00
2026-06-02,Enabled,Brand,10.00,EUR,"1,101",21,1.91%,0.61,12.81,1.00
2026-06-02,Enabled,"Search | ""Bean""",20.00,EUR,"2,101",41,1.95%,0.61,"1,025.01",1.00
Total: Account,,,,EUR,"4,403",93,,,"1,053.77",4.00
'''
GERMAN = """Kampagnenbericht
1. Juni 2026 - 30. Juni 2026
Tag;Kampagne;Währungscode;Kosten;Klicks;Impr.
01.06.2026;Marke;EUR;15,95;31;1.201
13.06.2026;Marke;EUR;1.012,81;21;1.101
"""
META = """"Campaign name","Campaign delivery",Results,Reach,Impressions,"Amount spent (EUR)",Ends,"Link clicks",\
"Reporting starts","Reporting ends"
,,,9000,30000,300.30,,120,2026-06-01,2026-06-07
"Half the power",active,,5000,20000,200.10,Ongoing,80,2026-06-01,2026-06-07
"One cup",inactive,,4000,10000,100.20,Ongoing,40,2026-06-01,2026-06-07
"""
LINKEDIN = "Campaign Performance Report (in UTC)\nDate Generated: July 1, 2026, 8:00 AM\n\n" + "\n".join(
    ["Start Date (in UTC)\tAccount Name\tCurrency\tCampaign Name\tTotal Spent\tImpressions\tClicks"]
    + [f"6/{day}/2026\tUs\tUSD\tDeciders\t1,000.10\t2,200\t22" for day in range(14, 28)]
)
RATES = "Date,USD,JPY,GBP,CYP,\n2026-06-12,1.0900,169,0.846,N/A,\n2026-06-20,1.1000,170,0.847,N/A,\n"


def text(path: Path, said: str, encoding: str = "utf-8") -> Path:
    path.write_text(said, encoding=encoding)
    return path


def spent(*words: str) -> dict[str, str]:
    said = twostroke("metric", "spend", "--json", *words)
    assert said.code == 0, said.err
    return {", ".join(v or "-" for v in row["key"].values()): row["measures"]["value"] for row in said.json["rows"]}


@pytest.mark.parametrize(
    ("report", "encoding", "total"),
    [(GOOGLE, "utf-8", "1053.77"), (GERMAN, "utf-8-sig", "1028.76"), (META, "utf-8", "300.30"),
     (LINKEDIN, "utf-16", "14001.40")],
)  # fmt: skip
def test_a_platforms_report_is_summed_to_the_cent_without_its_total(
    tmp_path: Path, report: str, encoding: str, total: str
) -> None:
    bring(text(tmp_path / "report.csv", report, encoding), source="ads")
    assert sum(map(Decimal, spent().values())) == Decimal(total)


def test_it_is_told_by_day_channel_and_campaign_and_a_report_of_days_stands_on_the_first(tmp_path: Path) -> None:
    bring(text(tmp_path / "google.csv", GOOGLE), source="google")
    bring(text(tmp_path / "meta.csv", META), source="meta")
    assert spent("--by", "day") == {"EUR, 2026-06-01": "316.25", "EUR, 2026-06-02": "1037.82"}
    assert spent("--by", "campaign")["EUR, Brand"] == "28.76"
    costs = "Day,Medium,Platform,Campaign,Cost,Currency\n2026-06-03,CPC,searcher,A,1.10,EUR\n2026-06-03,,own,B,2,EUR\n"
    bring(text(tmp_path / "costs.csv", costs), source="costs")
    by_channel = spent("--by", "channel")
    assert by_channel["EUR, cpc"] == "1.10"
    assert by_channel["EUR, own"] == "2.00"


def test_a_report_that_was_restated_replaces_what_it_said_and_undoing_it_brings_that_back(tmp_path: Path) -> None:
    first = bring(text(tmp_path / "june.csv", GOOGLE), source="google")
    again = bring(
        text(tmp_path / "restated.csv", GOOGLE.replace("12.81", "11.80")), "--file-date", "now", source="google"
    )
    assert (sums(first), sums(again)) == ((3, 0, 0, 0), (0, 2, 1, 0))
    assert spent() == {"EUR": "1052.76"}
    twostroke("undo", again["import"])
    assert spent() == {"EUR": "1053.77"}


def test_equal_rows_are_as_many_costs(tmp_path: Path) -> None:
    costs = "Day,Campaign,Cost\n" + "2026-06-03,A,1.10\n" * 3
    assert sums(bring(text(tmp_path / "costs.csv", costs), source="costs")) == (3, 0, 0, 0)
    assert spent() == {"EUR": "3.30"}


def test_a_row_that_names_nothing_is_a_total_only_if_it_is_the_sum(tmp_path: Path) -> None:
    report = bring(text(tmp_path / "meta.csv", META), source="meta")
    assert odd(report, "is the sum of the others") == 1
    other = META.replace("300.30", "300.31")
    assert sums(bring(text(tmp_path / "other.csv", other), source="other")) == (3, 0, 0, 0)


def test_another_currency_counts_at_the_rate_of_its_day_and_what_has_none_is_named(tmp_path: Path) -> None:
    bring(text(tmp_path / "linkedin.csv", LINKEDIN, "utf-16"), source="linkedin")
    said = twostroke("metric", "spend")
    assert "USD 14,001.40 could not be converted into EUR" in said.out
    rates = bring(text(tmp_path / "eurofxref-hist.csv", RATES), source="bank")
    assert rates["files"][0]["read_as"].startswith("rate")
    by_day = spent("--by", "day")
    assert by_day["EUR, 2026-06-14"] == "917.52"  # 1,000.10 / 1.09
    assert by_day["EUR, 2026-06-19"] == "917.52"
    assert by_day["EUR, 2026-06-20"] == "909.18"  # 1,000.10 / 1.1
    assert "converted" not in twostroke("metric", "spend").err
    twostroke("undo", rates["import"])
    assert spent() == {"USD": "14001.40"}


def test_rates_come_in_as_pairs_too_and_what_is_none_is_rejected(tmp_path: Path) -> None:
    pairs = "Date,From currency,To currency,Rate\n2026-06-12,USD,EUR,0.9\n2026-06-13,USD,ZZZ,1\n2026-06-13,USD,EUR,-1\n"
    assert sums(bring(text(tmp_path / "rates.csv", pairs), source="bank")) == (1, 0, 0, 2)
    bring(text(tmp_path / "linkedin.csv", LINKEDIN, "utf-16"), source="linkedin")
    assert spent("--by", "day")["EUR, 2026-06-14"] == "900.09"


def test_the_page_shows_the_same_and_who_is_behind_a_row(tmp_path: Path, signed_in: Callable[[Person], Client]) -> None:
    bring(text(tmp_path / "google.csv", GOOGLE), source="google")
    client = signed_in(LEA)
    for address in ("/numbers/", "/numbers/spend/", "/numbers/spend/?by=campaign", "/numbers/spend/?by=day"):
        html = client.get(address).content.decode()
        assert "1,053.77" in html, address
    assert (
        client.get("/numbers/spend/?format=json").json()["rows"] == twostroke("metric", "spend", "--json").json["rows"]
    )
    html = client.get("/numbers/spend/?by=campaign").content.decode()
    behind = re.search(r'href="(/numbers/spend/who/[^"]*Brand[^"]*)"', html)
    assert behind
    listed = client.get(behind[1].replace("&amp;", "&")).content.decode()
    assert "12.81" in listed
    assert "2026-06-02" in listed


def test_people_behind_a_row_are_the_costs_by_name(tmp_path: Path) -> None:
    bring(text(tmp_path / "google.csv", GOOGLE), source="google")
    said = twostroke("metric", "spend", "--by", "campaign", "--key", "campaign=Brand", "--people", "--json")
    names = [one["name"] for one in json.loads(said.out)["people"]]
    assert sorted(names) == ["2026-06-01 · Brand · EUR · Google Ads", "2026-06-02 · Brand · EUR · Google Ads"]
