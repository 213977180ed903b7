"""What was held back is mended by rule, all alike at once; every message comes in, and the accounts hold throughout."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.functional.import_steps import twostroke
from tests.intake_steps import Served, accounts, order, page, serving
from twostroke.intake.actions import Alike, preview, repair
from twostroke.intake.facts import Mend, Rule
from twostroke.ledger.queries import held_counts, held_messages, lines_after
from twostroke.ledger.verify import verify

pytestmark = pytest.mark.usefixtures("fresh_database")
EACH = 50
NESTED: Any = 1
for _ in range(30):
    NESTED = {"in": NESTED}


@dataclass(frozen=True)
class Break:
    """A kind of break: the code it is held under, an event that has it, the options that mend it, which key."""

    code: str
    event: dict[str, Any]
    mend: tuple[str, ...]
    public: bool = False


WHO = {"userId": "u-1"}
TRACK = {"type": "track", "event": "Trial Extended", **WHO}
PLANTED: dict[str, Break] = {
    "a type of another tool": Break("no_type", {**page(), "type": "pageview"}, ("--map", "type:pageview=page")),
    "a type under another name": Break("no_type", {"kind": "track", "name": "Read", **WHO}, (
        "--rename", "kind=type", "--rename", "name=event")),
    "a day first": Break("no_date", {**TRACK, "timestamp": "24.11.2026 08:30"}, ("--date", "timestamp=%d.%m.%Y %H:%M")),
    "seconds as text": Break("no_date", {**TRACK, "timestamp": "1795500000"}, ("--date", "timestamp")),
    "nobody under another name": Break("nobody", {"type": "identify", "user": "u-2", "traits": {"a": 1}}, (
        "--rename", "user=userId")),
    "a placeholder for an id": Break("nobody", {"type": "identify", "userId": "null", "uid": "u-3"}, (
        "--drop", "userId", "--rename", "uid=userId")),
    "NaN": Break("not_json", {**TRACK, "properties": {"score": float("nan")}}, ("--drop", "properties.score")),
    "a whole page within": Break("too_long", {**TRACK, "context": {"html": "x" * 40_000}}, ("--drop", "context.html")),
    "a tree within": Break("too_deep", {**TRACK, "properties": {"tree": NESTED}}, ("--drop", "properties.tree")),
    "no name of the event": Break("no_type", {"type": "track", "action": "Read", **WHO}, ("--rename", "action=event")),
    "a group under another name": Break("nobody", {"type": "group", "company_id": "g-1", **WHO}, (
        "--rename", "company_id=groupId")),
    "an alias under another name": Break("nobody", {"type": "alias", "previous_id": "a-0", **WHO}, (
        "--rename", "previous_id=previousId")),
    "an amount that is a word": Break("no_amount", {**order(), "properties": {"order_id": "o", "revenue": "much"}}, (
        "--drop", "properties.revenue")),
    "an order without a number": Break("no_id", {**order(), "properties": {"nr": "o-1", "revenue": 5}}, (
        "--rename", "properties.nr=properties.order_id")),
    "money from a page": Break("needs_secret_key", order(), (
        "--map", "event:Order Completed=Basket Left"), public=True),
    "an end of text": Break("not_storable", {**TRACK, "properties": {"text": "a\0b"}}, (
        "--drop", "properties.text")),
}  # fmt: skip


@pytest.fixture
def web(fresh_database: None) -> Iterator[Served]:
    with serving() as served:
        yield served
    assert verify().problems == ()


def adds_up() -> tuple[int, int, int, int]:
    found = accounts()
    assert found[0] == sum(found[1:])
    assert found[3] == sum(one.messages for one in held_counts())
    return found


def plant(web: Served, name: str) -> list[dict[str, Any]]:
    one = PLANTED[name]
    events = [{**one.event, "messageId": f"{name}-{n}"} for n in range(EACH)]
    for start in range(0, EACH, 10):
        got = web.batch(*events[start : start + 10], key=web.public if one.public else None)
        assert set(got.said) == {f"quarantined {one.code}"}, got.body
    return events


def test_every_kind_of_break_is_mended_and_every_message_comes_in(web: Served) -> None:
    planted = {name: plant(web, name) for name in PLANTED}
    total = EACH * len(PLANTED)
    assert len(PLANTED) >= 12
    assert adds_up() == (total, 0, 0, total)
    for done, (name, one) in enumerate(PLANTED.items()):
        ids = [m.id for m in held_messages(code=one.code, limit=2000) if name in (m.original or b"").decode()]
        assert len(ids) == EACH
        looked = twostroke("quarantine", "repair", *ids, *one.mend, "--json")
        assert (looked.json["stored"], looked.json["done"]) == (EACH, False), (name, looked.json)
        assert adds_up() == (total, done * EACH, 0, total - done * EACH)
        mended = twostroke("quarantine", "repair", *ids, *one.mend, "--yes", "--json")
        assert (mended.json["stored"], mended.json["still"]) == (EACH, []), (name, mended.json)
        assert adds_up() == (total, (done + 1) * EACH, 0, total - (done + 1) * EACH)
    assert held_counts() == []
    for name, events in planted.items():
        again = web.batch(*events[:3], key=web.public if PLANTED[name].public else None)
        assert again.said == ["duplicate"] * 3, name


def test_a_repaired_message_keeps_its_hash_so_that_it_is_brought_in_once(web: Served) -> None:
    broken = {**PLANTED["a day first"].event, "messageId": "m-1"}
    for _ in range(2):
        web.batch(broken)
    rules = [Rule(Mend.DATE, "timestamp", "%d.%m.%Y %H:%M")]
    done = repair(Alike(source="web"), rules)
    assert (done.looked, done.stored, done.duplicate) == (2, 1, 1)
    assert adds_up() == (2, 1, 1, 0)


def test_one_whose_id_is_taken_by_other_content_stays_a_conflict(web: Served) -> None:
    web.batch(page(1))
    web.batch({**page(1), "properties": {"url": "https://other.example"}})
    again = repair(Alike(source="web"))
    assert (again.stored, again.still) == (0, {"conflict": 1})
    renamed = repair(Alike(source="web"), [Rule(Mend.DROP, "messageId")])
    assert renamed.stored == 1
    assert adds_up() == (2, 2, 0, 0)


def test_what_a_request_says_for_its_events_is_mended_like_what_they_say(web: Served) -> None:
    got = web.post("/v1/batch", {"batch": [page(1), page(2)], "sentAt": "a moment ago"})
    assert got.said == ["quarantined no_date"] * 2
    assert repair(Alike(source="web"), [Rule(Mend.DROP, "sentAt")]).stored == 2
    assert web.post("/v1/batch", {"batch": [page(1)], "sentAt": "a moment ago"}).said == ["duplicate"]


def test_a_rule_that_mends_only_some_leaves_the_rest_with_its_reason(web: Served) -> None:
    web.batch({**TRACK, "timestamp": "24.11.2026"}, {**TRACK, "timestamp": "soon"})
    done = preview(Alike(code="no_date"), [Rule(Mend.DATE, "timestamp", "%d.%m.%Y")])
    assert (done.looked, done.stored, done.still) == (2, 1, {"no_date": 1})
    assert adds_up() == (2, 0, 0, 2)


def test_what_a_rule_mends_says_when_it_happened(web: Served) -> None:
    web.batch({**TRACK, "timestamp": "24.11.2020 08:30"})
    repair(Alike(source="web"), [Rule(Mend.DATE, "timestamp", "%d.%m.%Y %H:%M")])
    [line] = [one for one in lines_after(0, 100) if one.kind == "action.taken"]
    assert line.happened_at == 1_606_206_600_000


def test_what_is_given_up_stays_counted_and_is_shown_no_more(web: Served) -> None:
    web.batch({"type": "nope"}, 7)
    asked = twostroke("quarantine", "discard", "--source", "web")
    assert (asked.code, "2 messages would be given up" in asked.err) == (3, True)
    assert twostroke("quarantine", "discard", "--source", "web", "--yes").code == 0
    assert held_counts() == []
    assert accounts() == (2, 0, 0, 2)
    assert twostroke("quarantine", "discard", "--yes").code == 2


def test_the_list_counts_by_source_and_reason_and_show_gives_the_bytes_as_they_came(web: Served) -> None:
    raw = b'{"type" :  "nope","messageId":"m-1"}'
    web.post("/v1/batch", b'{"batch":[' + raw + b"]}")
    [row] = twostroke("quarantine", "--json").json
    assert (row["source"], row["code"], row["messages"]) == ("web", "no_type", 1)
    [one] = twostroke("quarantine", "show", "--source", "web", "--json").json
    assert one["original"] == raw.decode()
    assert "missing or none of identify" in one["reason"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("repair", "--source", "web"), "say how"),
        (("repair", "--rename", "a"), "no rule"),
        (("repair", "--drop", "a..b"), "dots between"),
        (("repair", "--date", "timestamp=%Q"), "no form of dates"),
        (("show", "999"), "no message 999"),
    ],
)
def test_what_makes_no_sense_is_said(words: tuple[str, ...], said: str) -> None:
    answer = twostroke("quarantine", *words)
    assert answer.code != 0
    assert said in answer.err


def test_rows_of_files_are_not_mended_here(web: Served, tmp_path: Any) -> None:
    file = tmp_path / "deals.csv"
    file.write_text("Deal ID,Deal Name,Deal Stage,Amount,Currency,Create Date\n1,One,Won,much,EUR,2026-01-02\n")
    twostroke("import", file, "--as", "crm")
    held = [one for one in held_counts() if one.source == "crm"]
    if held:
        done = repair(Alike(source="crm"))
        assert set(done.still) == {"of_a_file"}


def test_an_event_that_was_held_names_its_key_nowhere(web: Served) -> None:
    web.post("/v1/track", json.dumps({"type": "nope"}).encode())
    [one] = held_messages()
    assert one.original is not None
    assert web.secret.encode() not in one.original
