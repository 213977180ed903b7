"""The public files: what any tool may read, and that it hangs together."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from tests.worlds.small import messages, rows, truth
from worlds import api
from worlds.outputs.calendars import folded
from worlds.outputs.ids import hubspot, salesforce


def _good(folder: Path, name: str) -> list[dict[str, str]]:
    """Rows that are not broken: whose last column is there."""
    found = rows(folder, name)
    last = list(found[0])[-1]
    return [row for row in found if row[last]]


def test_each_segment_message_has_what_the_specification_asks(coffee: Path) -> None:
    kinds: Counter[str] = Counter()
    for name in ("web", "mail", "product"):
        for message in messages(coffee, name):
            kinds[message["type"]] += 1
            assert message["messageId"]
            assert message.get("anonymousId") or message.get("userId")
            assert message["type"] != "track" or message["event"]
            for stamp in ("timestamp", "originalTimestamp", "sentAt", "receivedAt"):
                assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", message[stamp])
    assert set(kinds) == {"page", "identify", "track", "group"}


def test_nothing_is_received_after_the_world_has_ended(coffee: Path) -> None:
    end = truth(coffee, "world")["end_ms"]
    for name in ("web", "mail", "product"):
        for message in messages(coffee, name):
            assert datetime.fromisoformat(message["receivedAt"]).timestamp() * 1000 < end


def test_a_person_is_named_on_the_site_only_from_the_moment_the_site_was_told(tmp_path: Path) -> None:
    profile = tmp_path / "clean.toml"
    profile.write_text('like = "coffee"\n[dirt]\nlate = 0.0\ndamaged = 0.0\n', "utf-8")
    out = api.make(seed=7, people=100, months=9, until="2026-03-02", profile=str(profile), out=tmp_path / "w").out
    told: dict[str, str] = {}
    for message in sorted(messages(out, "web"), key=lambda m: m["timestamp"]):
        if message["type"] == "identify":
            told.setdefault(message["userId"], message["timestamp"])
    for message in sorted(messages(out, "product"), key=lambda m: m["timestamp"]):
        if "userId" in message:
            told[message["userId"]] = min(told.get(message["userId"], "9"), message["timestamp"])
    pages = [m for m in messages(out, "web") if m["type"] == "page" and "userId" in m]
    assert len(pages) > 100
    assert [m for m in pages if m["timestamp"] < told[m["userId"]]] == []


def test_both_crms_tell_of_the_same_deals_for_the_same_money(coffee: Path) -> None:
    ours = sorted(
        (row["Deal Name"], row["Amount"], row["Deal Stage"].lower()[:10] == "closed won")
        for row in rows(coffee, "hubspot/deals.csv")
    )
    theirs = sorted(
        (row["Name"], row["Amount"], row["IsWon"] == "true") for row in rows(coffee, "salesforce/Opportunity.csv")
    )
    assert ours == theirs
    assert len(ours) > 20


@pytest.mark.parametrize(
    ("file", "column", "target", "key"),
    [
        ("hubspot/contacts.csv", "Associated Company IDs", "hubspot/companies.csv", "Record ID"),
        ("hubspot/deals.csv", "Associated Contact IDs", "hubspot/contacts.csv", "Record ID"),
        ("hubspot/deals.csv", "Associated Company IDs", "hubspot/companies.csv", "Record ID"),
        ("hubspot/deal-property-history.csv", "Record ID", "hubspot/deals.csv", "Record ID"),
        ("hubspot/meetings.csv", "Associated Contact IDs", "hubspot/contacts.csv", "Record ID"),
        ("hubspot/campaign-members.csv", "Campaign ID", "hubspot/campaigns.csv", "Campaign ID"),
        ("salesforce/Contact.csv", "AccountId", "salesforce/Account.csv", "Id"),
        ("salesforce/Opportunity.csv", "AccountId", "salesforce/Account.csv", "Id"),
        ("salesforce/Opportunity.csv", "OwnerId", "salesforce/User.csv", "Id"),
        ("salesforce/OpportunityHistory.csv", "OpportunityId", "salesforce/Opportunity.csv", "Id"),
        ("salesforce/CampaignMember.csv", "ContactId", "salesforce/Contact.csv", "Id"),
        ("salesforce/Event.csv", "WhoId", "salesforce/Contact.csv", "Id"),
    ],
)
def test_every_reference_leads_to_a_record(coffee: Path, file: str, column: str, target: str, key: str) -> None:
    known = {row[key] for row in rows(coffee, target)}
    wanted = {part for row in rows(coffee, file) for part in row[column].split(";") if part}
    assert wanted
    assert wanted - known == set()


def test_record_ids_are_never_given_twice(coffee: Path) -> None:
    for name in ("hubspot/contacts.csv", "hubspot/deals.csv", "hubspot/calls.csv", "hubspot/companies.csv"):
        ids = [row["Record ID"] for row in rows(coffee, name)]
        assert len(ids) == len(set(ids))
    assert len({hubspot(0, n) for n in range(100_000)}) == 100_000
    assert len({salesforce("003", n) for n in range(100_000)}) == 100_000


def test_a_salesforce_id_carries_its_checksum() -> None:
    """Each of the last three letters tells which of five letters before are capitals."""
    ident = salesforce("003", 12345)
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
    for block in range(3):
        five = ident[block * 5 : block * 5 + 5]
        assert ident[15 + block] == letters[sum(2**i for i, c in enumerate(five) if c.isascii() and c.isupper())]
    assert len(ident) == 18


def test_spend_by_day_sums_to_the_campaigns_of_both_crms_to_the_cent(coffee: Path) -> None:
    by_day: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows(coffee, "ads/spend.csv"):
        by_day[row["Campaign"]] += Decimal(row["Cost"])
    ours = {row["Campaign Name"]: Decimal(row["Spend items total"]) for row in rows(coffee, "hubspot/campaigns.csv")}
    theirs = {row["Name"]: Decimal(row["ActualCost"]) for row in rows(coffee, "salesforce/Campaign.csv")}
    assert ours == theirs
    assert {name: ours[name] for name in by_day} == dict(by_day)
    assert sum(by_day.values()) > 1000


def test_payments_pay_invoices_and_never_more_than_was_asked(coffee: Path) -> None:
    asked = {row["Invoice number"]: _money(row["Net amount"]) for row in rows(coffee, "billing/invoices.csv", ";")}
    paid = [(row["Invoice number"], _money(row["Amount"])) for row in rows(coffee, "billing/payments.csv", ";")]
    assert len(paid) > 50
    assert [number for number, amount in paid if amount > asked[number]] == []
    assert len({number for number, _ in paid}) == len(paid)


def _money(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def test_won_deals_and_shop_orders_are_invoiced(coffee: Path) -> None:
    invoices = rows(coffee, "billing/invoices.csv", ";")
    orders = {m["properties"]["order_id"] for m in messages(coffee, "product") if m.get("event") == "Order Completed"}
    invoiced = {row["Order number"] for row in invoices if row["Order number"]}
    assert orders <= invoiced  # an order whose message was damaged or never came is in the books all the same
    assert sum(row["For"] == "Machines" for row in invoices) > 3


def test_fairs_write_dates_in_three_styles(tmp_path: Path) -> None:
    profile = tmp_path / "fairs.toml"
    names = ("HostWorld", "Office & Facility Days", "Salon du Café")
    shares = "".join(f'[[fairs]]\nname = "{name}"\nshare = 0.5\n' for name in names)
    profile.write_text(f'like = "coffee"\n{shares}', "utf-8")
    made = api.make(seed=1, people=80, months=3, until="2026-03-02", profile=str(profile), out=tmp_path / "w")
    styles = set()
    for file in sorted((made.out / "public" / "fairs").glob("*.csv")):
        found = re.findall(r"\d\d[./]\d\d[./]\d{4} \d\d:\d\d(?: [AP]M)?", file.read_text("utf-8"))
        styles |= {re.sub(r"\d", "9", text).replace("PM", "AM") for text in found}
    assert styles == {"99.99.9999 99:99", "99/99/9999 99:99 AM", "99/99/9999 99:99"}


def test_calendars_keep_to_the_specification(coffee: Path) -> None:
    for file in (coffee / "public" / "calendars").glob("*.ics"):
        raw = file.read_bytes()
        assert raw.startswith(b"BEGIN:VCALENDAR\r\n")
        assert raw.endswith(b"END:VCALENDAR\r\n")
        assert raw.count(b"BEGIN:VEVENT") == raw.count(b"END:VEVENT") > 10
        assert max(len(line) for line in raw.split(b"\r\n")) <= 75


def test_a_folded_line_unfolds_to_itself() -> None:
    line = "SUMMARY:" + "Käthe trifft Małgorzata im Büro; " * 9
    assert folded(line).replace("\r\n ", "") == line + "\r\n"


def test_sellers_work_on_working_days_in_working_hours(coffee: Path) -> None:
    when = [datetime.fromisoformat(row["Activity date"]) for row in _good(coffee, "hubspot/calls.csv")]
    assert {moment.weekday() for moment in when} == {0, 1, 2, 3, 4}
    assert {moment.hour for moment in when} <= set(range(8, 20))  # western teams sit an hour later than the portal
    assert not any((moment.month, moment.day) in {(1, 1), (12, 25), (10, 3)} for moment in when)


def test_notes_and_messages_are_many_and_varied(coffee: Path) -> None:
    notes = [row["Internal meeting notes"] for row in rows(coffee, "hubspot/meetings.csv")]
    said = [row["Message"] for row in _good(coffee, "support/messages.csv")]
    assert len(set(notes)) > 0.95 * len(notes) > 100
    assert len(set(said)) > 0.9 * len(said) > 100


def test_one_crm_alone_is_enough(tmp_path: Path) -> None:
    profile = tmp_path / "one.toml"
    profile.write_text('like = "coffee"\n[firm]\ncrm = ["salesforce"]\n', "utf-8")
    made = api.make(seed=1, people=40, months=2, until="2026-03-02", profile=str(profile), out=tmp_path / "w")
    assert not (made.out / "public" / "hubspot").exists()
    assert (made.out / "public" / "salesforce" / "Opportunity.csv").is_file()


def test_each_line_is_what_json_would_have_written(coffee: Path) -> None:
    """Lines are put together from pieces; none may differ from a serialiser's."""
    for name in ("web", "mail", "product"):
        lines = (coffee / "public" / "segment" / f"{name}.jsonl").read_text("utf-8").splitlines()
        written = [json.dumps(m, ensure_ascii=False, separators=(",", ":")) for m in messages(coffee, name)]
        assert len(written) > 100
        assert set(written) <= set(lines)


def test_what_is_planned_and_who_waits_stands_in_the_crm_when_the_world_ends(tmp_path: Path) -> None:
    made = api.make(seed=2, people=400, months=7, until="2026-03-04", profile="coffee", out=tmp_path)
    end = "2026-03-04 08:00"
    meetings = rows(made.out, "hubspot/meetings.csv")
    planned = [row for row in meetings if row["Meeting outcome"] == "Scheduled"]
    assert {row["Meeting start time"] > end for row in planned} == {True}
    assert {row["Meeting start time"] > end for row in meetings if row not in planned} == {False}
    waiting = [row for row in rows(made.out, "hubspot/tasks.csv") if row["Task Status"] == "Not started"]
    assert any(row["Create date"] > "2026-03-02" for row in waiting)
    assert len([r for r in rows(made.out, "salesforce/Task.csv") if r["Status"] == "Not Started"]) == len(waiting)
