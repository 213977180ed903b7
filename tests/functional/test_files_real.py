"""Exports of real firms' shape come in with no manual step, also renamed, shuffled and written in another style."""

from __future__ import annotations

import csv
import random
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from tests.unit.files.helpers import Brought, bring, write
from twostroke.connectors.files.queries import Settings
from twostroke.connectors.files.spelling import Suggester
from twostroke.intake.facts import TranslatedRow
from twostroke.ledger.facts import Precision

pytestmark = pytest.mark.shared_data


@cache
def once(folder: Path) -> Brought:
    """Brought in once: nothing in these tests changes what was read."""
    return bring([folder], settings=Settings("USD"))


@pytest.fixture
def crm(shared_data: Path) -> Brought:
    return once(shared_data / "maven-crm")


@pytest.fixture
def leads(shared_data: Path) -> Brought:
    return once(shared_data / "x-education")


def stages(brought: Brought) -> Counter[str]:
    """Deals by where their lines leave them."""
    counted: Counter[str] = Counter()
    for rows in brought.rows.values():
        for row in rows:
            kinds = {draft.kind: draft for draft in row.drafts} if isinstance(row, TranslatedRow) else {}
            if "deal.won" in kinds or "deal.lost" in kinds:
                counted["won" if "deal.won" in kinds else "lost"] += 1
            elif "deal.opened" in kinds:
                counted[kinds.get("deal.moved", kinds["deal.opened"]).properties["stage"]] += 1
    return counted


def won(brought: Brought) -> int:
    return sum(draft.amount_minor or 0 for draft in brought.drafts() if draft.kind == "deal.won")


def assert_whole(brought: Brought) -> None:
    assert sorted(brought.records().values()) == ["colleague", "company", "deal", "dictionary", "product"]
    assert stages(brought) == {"won": 4238, "lost": 2473, "Engaging": 1589, "Prospecting": 500}
    assert won(brought) == 1_000_553_400


def assert_odd(brought: Brought) -> None:
    product = brought.odd("GTXPro")
    assert (product.rows, "GTX Pro" in product.suggestion) == (1480, True)
    assert [o.rows for found in brought.oddities.values() for o in found if "deals without" in o.what] == [1425, 500]
    assert "technology" in brought.odd("technolgy").what


def test_a_crm_export_comes_in_whole(crm: Brought) -> None:
    assert_whole(crm)


def test_what_is_odd_in_a_crm_export_is_named(crm: Brought) -> None:
    assert_odd(crm)


def test_a_currency_nobody_names_is_asked_once_and_has_a_default(crm: Brought) -> None:
    assert [question.key for question in crm.proposal.questions] == ["currency"]
    assert crm.proposal.questions[0].choices[0] == "USD"
    assert not crm.proposal.open_questions
    assert crm.odd("currency of “close_value”").rows == 6711


def test_sellers_come_in_with_manager_and_office(crm: Brought) -> None:
    placed = [d for d in crm.drafts("sales_teams") if d.kind == "colleague.described" and "territory" in d.properties]
    assert len({draft.subject for draft in placed}) == 35
    assert len({draft.properties["manager"] for draft in placed}) == 6
    assert {draft.actor for draft in crm.drafts("sales_pipeline")} <= {draft.subject for draft in placed}


def test_parent_companies_are_joined_by_their_names(crm: Brought) -> None:
    companies = crm.drafts("accounts")
    parents = [draft.properties["parent"] for draft in companies if "parent" in draft.properties]
    assert len(parents) == 15
    assert set(parents) <= {draft.subject for draft in companies}


def test_an_amount_is_only_where_it_was_known(crm: Brought) -> None:
    assert {d.kind for d in crm.drafts("sales_pipeline") if d.amount_minor is not None} == {"deal.won", "deal.lost"}


RENAMED = {
    "opportunity_id": "Deal Ref", "sales_agent": "Rep", "product": "Item", "account": "Client", "deal_stage": "Status",
    "engage_date": "Opened On", "close_date": "Date Closed", "close_value": "Deal Value", "manager": "Team Lead",
    "regional_office": "Region", "sector": "Branche", "revenue": "Annual Revenue", "employees": "Headcount",
    "office_location": "HQ Country", "subsidiary_of": "Parent Company", "year_established": "Founded",
    "series": "Product Family", "sales_price": "List Price",
}  # fmt: skip


def rewritten(shared: Path, folder: Path, names: dict[str, str], separator: str, *, day_first: bool, seed: int) -> Path:
    """The same export as another tool would write it."""
    for number, path in enumerate(sorted((shared / "maven-crm").glob("*.csv"))):
        with path.open(newline="", encoding="utf-8") as file:
            header, *rows = list(csv.reader(file))
        dates = [place for place, name in enumerate(header) if name.endswith("_date")]
        for row in rows:
            for place in dates:
                if row[place] and day_first:
                    row[place] = "/".join(reversed(row[place].split("-")))
        random.Random(seed).shuffle(rows)
        write(folder / f"export {number}.csv", [names.get(name, name) for name in header], rows, separator)
    return folder


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_the_same_export_renamed_and_shuffled_comes_in_alike(shared_data: Path, tmp_path: Path, separator: str) -> None:
    brought = bring([rewritten(shared_data, tmp_path, RENAMED, separator, day_first=True, seed=7)])
    assert_whole(brought)
    assert_odd(brought)
    assert not brought.proposal.open_questions


def test_shuffled_rows_give_the_same_lines_of_each_record(shared_data: Path, tmp_path: Path, crm: Brought) -> None:
    again = bring([rewritten(shared_data, tmp_path, {}, ";", day_first=True, seed=3)], settings=Settings("USD"))
    lines = {row.record: row.drafts for row in crm.rows["sales_pipeline"] if isinstance(row, TranslatedRow)}
    name = next(table.name for table in again.proposal.mapping.of_record("deal"))
    assert {row.record: row.drafts for row in again.rows[name] if isinstance(row, TranslatedRow)} == lines


def test_a_lead_list_without_dates_comes_in_at_unknown_time(leads: Brought) -> None:
    assert len(leads.rows["Leads"]) == 5000
    assert {draft.precision for draft in leads.drafts()} == {Precision.UNKNOWN}
    assert leads.odd("no column says when").rows == 5000


def test_select_is_missing_and_counted(leads: Brought) -> None:
    assert not any("Select" in {**d.properties, **d.personal}.values() for d in leads.drafts())
    said = [o.rows for o in leads.oddities["Leads"] if o.what.startswith("“Select”")]
    assert sorted(said) == [1067, 1238, 2254, 2745]


def test_tracked_and_told_sources_stand_side_by_side(leads: Brought) -> None:
    described = [draft for draft in leads.drafts() if draft.kind == "person.described"]
    assert sum("heard_of_us_by" in draft.properties for draft in described) == 1093
    assert {d.channel for d in described if d.properties.get("first_source") == "Organic Search"} == {"organic-search"}
    assert leads.odd("two sources").rows == 1093


def test_outcomes_become_customers_and_refusals_no_consent(leads: Brought, shared_data: Path) -> None:
    with next((shared_data / "x-education").glob("*.csv")).open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    reached = Counter(d.properties["stage"] for d in leads.drafts() if d.kind == "stage.reached")
    assert reached == {"lead": 5000, "customer": sum(row["Converted"] == "1" for row in rows)}
    withdrawn = Counter(d.properties["purpose"] for d in leads.drafts() if d.kind == "consent.withdrawn")
    assert withdrawn["marketing mail"] == sum(row["Do Not Email"] == "Yes" for row in rows)
    assert withdrawn["calls"] == sum(row["Do Not Call"] == "Yes" for row in rows)


def test_both_numbers_of_a_lead_identify_it(leads: Brought) -> None:
    claims = [draft for draft in leads.drafts() if draft.kind == "identity.claimed"]
    assert {len(draft.properties["ids"]) for draft in claims} == {2}
    assert len({i for draft in claims for i in draft.properties["ids"]}) == 10_000


def test_columns_known_only_afterwards_are_named(leads: Brought) -> None:
    named = {o.what.split("”")[0][1:] for o in leads.oddities["Leads"] if "outcome" in o.what}
    assert {"Tags", "Lead Quality", "Last Activity", "Last Notable Activity", "Converted"} == named


def test_equal_rows_without_a_key_are_kept_by_ordinal(shared_data: Path) -> None:
    brought = bring([shared_data / "uci-bank"])
    ((name, rows),) = brought.rows.items()
    assert len({row.record for row in rows if isinstance(row, TranslatedRow)}) == len(rows) == 28_831
    assert "no date" in brought.odd("no column says when").suggestion
    assert {
        o.what.split("”")[0][1:] for o in brought.oddities[name] if "afterwards" in o.what or "outcome" in o.what
    } == {
        "duration",
        "y",
    }


def test_masked_addresses_enter_as_persons_without_one(shared_data: Path) -> None:
    brought = bring([shared_data / "hubspot-export" / "contact_data.csv"])
    assert brought.odd("cannot be mailed").rows == 22
    assert not any(identifier.namespace == "email" for identifier in brought.minter.drain())


@pytest.mark.parametrize("spelling", ["{}", "property_{}", "properties.{}"])
def test_vendor_prefixes_are_no_hindrance(shared_data: Path, tmp_path: Path, spelling: str) -> None:
    header = ["hs_object_id", "dealname", "dealstage", "amount", "closedate", "createdate", "hubspot_owner_id"]
    rows = [[str(n), f"Deal {n}", "closedwon", "100", "2024-03-01", "2024-01-01", "7"] for n in range(30)]
    brought = bring([write(tmp_path / "x.csv", [spelling.format(name) for name in header], rows)])
    assert (brought.records(), brought.kinds()["deal.won"]) == ({"x": "deal"}, 30)


def slipped(word: str, chance: random.Random) -> str:
    """A word with one letter lost, changed, doubled or swapped with its neighbour."""
    place, letter = chance.randrange(len(word)), chance.choice("abcdefghijklmnopqrstuvwxyz")
    return chance.choice(
        [
            word[:place] + word[place + 1 :],
            word[:place] + letter + word[place + 1 :],
            word[:place] + letter + word[place:],
            word[:place] + word[place : place + 2][::-1] + word[place + 2 :],
        ]
    )


@pytest.mark.parametrize("header", ["account", "product", "sales_agent"])
def test_slips_in_key_columns_are_understood_and_strangers_left_alone(crm: Brought, header: str) -> None:
    """With 5 % of the cells misspelt, over 20 seeds; a stranger is a key of the table left out."""
    seen = crm.proposal.profiles["sales_pipeline"].column(header)
    tables = {"account": "accounts", "product": "products", "sales_agent": "sales_teams"}
    keys = crm.proposal.profiles[tables[header]].column(header)
    assert seen is not None
    assert keys is not None
    right = wrong = slips = asked = 0
    for seed in range(20):
        chance = random.Random(seed)
        suggester = Suggester(keys.values)
        for cell in chance.choices(sorted(set(seen.values) & set(keys.values)), k=440):
            written = slipped(cell, chance)
            if written not in keys.values:
                slips += 1
                right += suggester.suggest(written) == cell
    for stranger in keys.values:
        asked += 1
        wrong += Suggester(key for key in keys.values if key != stranger).suggest(stranger) is not None
    assert right >= 0.9 * slips
    assert wrong <= 0.02 * asked
