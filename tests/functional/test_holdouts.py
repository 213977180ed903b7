"""Who was left out, from a list to the page that says what it did: on every face the same."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from tests.cast import LEA, Person
from tests.functional.import_steps import bring, sums, twostroke

pytestmark = pytest.mark.usefixtures("fresh_database")

FIRMS = range(40)
BUYS = {number for number in FIRMS if number % 2 == 0 and number > 8} | {1}


def firm(folder: Path) -> Path:
    """Forty firms with a person each; every second was mailed, and most of those bought."""
    folder.mkdir()
    tables = {
        "companies": ["Company ID,Company name,Industry", *(f"c{n},Firm {n},Office" for n in FIRMS)],
        "contacts": [
            "Contact ID,Email,First Name,Last Name,Associated Company ID,Create Date",
            *(f"p{n},p{n}@firm{n}.example,Pat,Berg{n},c{n},2026-01-05" for n in FIRMS),
        ],
        "deals": [
            "Deal ID,Deal Name,Deal Stage,Amount,Currency,Create Date,Close Date,Associated Company ID",
            *(f"d{n},Deal {n},Closed Won,100.10,EUR,2026-03-10,2026-04-01,c{n}" for n in sorted(BUYS)),
        ],
        "spring-mail": [
            "Email,Group,From,To",
            *(f"p{n}@firm{n}.example,{'control' if n % 2 else 'mailed'},2026-03-02,2026-05-24" for n in FIRMS),
        ],
    }
    for name, lines in tables.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", "utf-8")
    return folder


def test_a_list_becomes_a_number_with_its_limits(tmp_path: Path) -> None:
    bring(firm(tmp_path / "crm"), source="crm")
    said = twostroke("metric", "holdouts", "--json").json
    counts = {row["key"]["arm"]: (row["measures"]["count"], row["measures"]["won"]) for row in said["rows"]}
    assert counts == {"mailed": (20, 15), "control": (20, 1)}
    (won,) = [one for one in said["comparisons"] if one["outcome"] == "won"]
    assert (won["contrast"], won["of"], won["difference"]) == ("mailed", 40, "0.7000")
    assert 0.4 < float(won["low"]) < 0.7 < float(won["high"]) < 0.9
    printed = twostroke("metric", "holdouts").out
    assert re.search(r"spring-mail +won +mailed +40 +\+70\.0 +\+4\d\.\d +\+8\d\.\d", printed)
    assert "no" not in re.search(r"spring-mail +won +mailed.*", printed)[0].split()
    assert len(twostroke("metric", "holdouts", "--people", "--key", "arm=mailed", "--json").json["people"]) == 20


def test_the_page_says_what_it_did_and_who_is_behind_it(tmp_path: Path, signed_in: Callable[[Person], Client]) -> None:
    client = signed_in(LEA)
    assert "Bring in a list of who was left out" in client.get("/numbers/holdouts/").content.decode()
    bring(firm(tmp_path / "crm"), source="crm")
    for address in ("/numbers/", "/numbers/holdouts/"):
        html = client.get(address).content.decode()
        assert "spring-mail, mailed: +70.0 points of buyers who won a deal" in html, address
    assert "What it did, against those left out" in html
    behind = re.search(r'href="(/numbers/holdouts/who/[^"]*control[^"]*)"', html)
    assert behind
    listed = client.get(behind[1].replace("&amp;", "&")).content.decode()
    assert "Firm 1" in listed
    assert "Firm 2<" not in listed
    assert client.get("/numbers/holdouts/?by=sector").status_code == 200


def test_what_may_be_chance_is_not_called_an_effect(tmp_path: Path, signed_in: Callable[[Person], Client]) -> None:
    folder = firm(tmp_path / "crm")
    few = (folder / "spring-mail.csv").read_text("utf-8").splitlines()
    (folder / "spring-mail.csv").write_text("\n".join([few[0], *few[1:12]]) + "\n", "utf-8")
    bring(folder, source="crm")
    html = signed_in(LEA).get("/numbers/holdouts/").content.decode()
    assert "cannot be told apart from nothing" in html


def test_the_list_taken_back_leaves_no_experiment(tmp_path: Path) -> None:
    folder = firm(tmp_path / "crm")
    alone = tmp_path / "alone"
    alone.mkdir()
    (folder / "spring-mail.csv").rename(alone / "spring-mail.csv")
    bring(folder, source="crm")
    report = bring(alone / "spring-mail.csv", source="lists")
    assert sums(report) == (40, 0, 0, 0)
    assert twostroke("metric", "holdouts", "--json").json["rows"]
    assert twostroke("undo", report["import"]).code == 0
    assert twostroke("metric", "holdouts", "--json").json["rows"] == []
