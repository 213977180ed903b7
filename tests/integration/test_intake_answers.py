"""Each event gets an honest answer; what is broken is held back and takes nothing else with it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from tests.intake_steps import WEB, Served, accounts, order, page, serving
from twostroke.intake.actions import Alike, repair
from twostroke.intake.facts import Mend, Rule
from twostroke.ledger.queries import held_messages
from twostroke.ledger.verify import verify
from twostroke.receiving.app import Receiving
from twostroke.receiving.budgets import Bucket, Budgets
from twostroke.team.actions import revoke_key
from twostroke.team.queries import api_keys, wrong_keys

pytestmark = pytest.mark.usefixtures("fresh_database")
ANY = "anything"


@pytest.fixture
def web(fresh_database: None) -> Iterator[Served]:
    with serving() as served:
        yield served
    assert verify().problems == ()


def deep(levels: int) -> Any:
    return {"a": deep(levels - 1)} if levels else 1


def test_a_batch_is_answered_event_by_event(web: Served) -> None:
    got = web.batch(page(1), page(1), {**page(1), "properties": {"url": "https://other.example"}}, {"type": "nope"}, 7)
    assert got.status == 200
    assert got.said == [
        "stored", "duplicate", "quarantined conflict", "quarantined no_type", "quarantined not_a_message",
    ]  # fmt: skip
    assert accounts() == (5, 1, 1, 3)


def test_a_retry_of_the_same_batch_is_all_duplicates(web: Served) -> None:
    events = [page(n) for n in range(20)]
    first = web.post("/v1/batch", {"batch": events, "sentAt": "2026-11-24T08:00:00Z"})
    again = web.post("/v1/batch", {"batch": events, "sentAt": "2026-11-24T08:00:05Z"})
    assert set(first.said) == {"stored"}
    assert set(again.said) == {"duplicate"}


def test_equal_message_ids_of_two_sources_are_two_events(web: Served) -> None:
    from twostroke.team.actions import create_key
    from twostroke.team.facts import Scope

    other = create_key(name="shop", scope=Scope.INTAKE_SECRET).text
    assert web.batch(page(1)).said == web.batch(page(1), key=other).said == ["stored"]


@pytest.mark.parametrize("levels", [21, 200, 5000])
def test_a_deep_event_is_held_back_and_its_neighbours_are_stored(web: Served, levels: int) -> None:
    nested = b'{"a":' * levels + b"1" + b"}" * levels
    event = json.dumps(page(1)).encode()
    got = web.post("/v1/batch", b'{"batch":[' + event + b"," + nested + b"," + json.dumps(page(2)).encode() + b"]}")
    assert got.said == ["stored", "quarantined too_deep", "stored"]


def test_an_event_of_twenty_levels_is_not_too_deep(web: Served) -> None:
    assert web.batch(page(1, context=deep(19))).said == ["stored"]


def test_an_event_over_32_kb_is_held_back_with_all_its_bytes(web: Served) -> None:
    long = page(2, context={"text": "x" * 33_000})
    assert web.batch(page(1), long, page(3)).said == ["stored", "quarantined too_long", "stored"]
    [one] = held_messages()
    assert one.original is not None
    assert json.loads(one.original.partition(b"\n")[2]) == long


@pytest.mark.parametrize(
    "broken",
    [b'{"a":NaN}', b'{"a":\xff}', b'{"a":"\xff"}', b'{"a":"\x01"}', b"{'a':1}", b'{"a":01}', b'{"a":"\\x"}', b"{a:1}"],
)
def test_an_event_that_is_no_json_does_not_fail_its_batch(web: Served, broken: bytes) -> None:
    body = b'{"batch":[' + json.dumps(page(1)).encode() + b"," + broken + b"," + json.dumps(page(2)).encode() + b"]}"
    got = web.post("/v1/batch", body)
    assert (got.status, got.said) == (200, ["stored", "quarantined not_json", "stored"])
    assert accounts() == (3, 2, 0, 1)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/batch", b""), ("/v1/batch", b"[]"), ("/v1/batch", b'{"batch":{}}'), ("/v1/batch", b'{"batch":[{"a":1}'),
        ("/v1/batch", b"\x00\xff"), ("/v1/track", b'{"event"'), ("/v1/track", b""), ("/batch/", b"{}"),
        ("/v1/track", b"\x1f\x8bnothing"), ("/v1/track", gzip.compress(b"{}", mtime=0)[:-4]),
    ],
)  # fmt: skip
def test_a_request_nobody_can_read_is_one_received_and_one_held_back(web: Served, path: str, body: bytes) -> None:
    got = web.post(path, body)
    assert got.status == 400
    assert got.json["success"] is False
    assert accounts() == (1, 0, 0, 1)


@pytest.mark.parametrize(
    "body",
    [b'{"batch":["' + b"x" * 600_000 + b'"]}', gzip.compress(b'{"batch":["' + b"x" * 30_000_000 + b'"]}', mtime=0)],
)
def test_too_large_a_request_is_refused_and_its_beginning_kept(web: Served, body: bytes) -> None:
    got = web.post("/v1/batch", body)
    assert (got.status, got.json["code"]) == (413, "request_too_large")
    [one] = held_messages()
    assert one.original is not None
    assert len(one.original.partition(b"\n")[2]) == 65_536
    assert accounts() == (1, 0, 0, 1)


def test_a_batch_of_thousands_of_nothings_is_one_request_too_large(web: Served) -> None:
    got = web.post("/v1/batch", {"batch": [0] * 2501})
    assert (got.status, got.json["code"]) == (413, "too_many_events")
    assert accounts() == (1, 0, 0, 1)


@pytest.mark.parametrize("key", ["", "wrong", "x" * 5000, "tss_" + "a" * 32])
def test_a_wrong_key_is_refused_and_counted_by_address(web: Served, key: str) -> None:
    got = web.post("/v1/batch", {"batch": [page(1)]}, key=key)
    assert (got.status, "has no key" in got.json["message"]) == (401, key == "")
    assert accounts() == (0, 0, 0, 0)
    web.app.keyring.flush()
    assert wrong_keys() == (1, 1)


def test_a_key_that_was_revoked_opens_nothing_a_moment_later(web: Served) -> None:
    assert web.batch(page(1)).status == 200
    revoke_key(name="web-server")
    web.app.keyring.refresh()
    assert web.batch(page(2)).status == 401


def test_the_last_use_of_a_key_is_written_with_the_others_not_by_the_request(web: Served) -> None:
    web.batch(page(1))
    assert [key.last_used_at for key in api_keys()] == [None, None]
    web.app.keyring.flush()
    assert [key.name for key in api_keys() if key.last_used_at] == ["web-server"]


def test_money_with_a_public_key_is_held_back_and_with_a_secret_one_stored(web: Served) -> None:
    assert web.batch(order(1), key=web.public).said == ["quarantined needs_secret_key"]
    assert web.batch(order(2)).said == ["stored"]


@pytest.mark.parametrize("where", ["body", "query", "event"])
def test_a_beacon_brings_its_key_without_a_header(web: Served, where: str) -> None:
    body: dict[str, Any] = {"batch": [page(1)]}
    path = "/v1/batch"
    if where == "body":
        body["writeKey"] = web.public
    elif where == "query":
        path = f"/beacon/v1/batch?writeKey={web.public}"
    else:
        path, body = "/v1/p", {**page(1), "writeKey": web.public}
    got = web.post(path, body, key="", Content_Type="text/plain;charset=UTF-8", Origin=WEB)
    assert (got.status, got.said) == (200, ["stored"])


def test_gzip_is_seen_whatever_the_headers_say(web: Served) -> None:
    got = web.post("/v1/batch", {"batch": [page(1)]}, zipped=True, Content_Type="application/x-www-form-urlencoded")
    assert got.said == ["stored"]


def test_a_text_that_was_cut_in_the_middle_of_an_emoji_is_taken(web: Served) -> None:
    cut = {**page(1), "name": "\ud83d", "properties": {"title": "Big sale \ud83d"}}
    assert web.post("/v1/page", cut).said == ["stored"]
    assert web.batch(cut, {**cut, "messageId": "other"}).said == ["duplicate", "stored"]


def test_the_context_of_a_batch_is_that_of_its_events_where_they_say_nothing_else(web: Served) -> None:
    around = {"campaign": {"medium": "Email", "name": "spring"}, "ip": "192.0.2.1"}
    own = {**page(2), "context": {"campaign": {"medium": "cpc", "name": "autumn"}}}
    broken = {**page(3), "timestamp": "24.11.2026", "context": {"ip": "192.0.2.2"}}
    assert web.post("/v1/batch", {"batch": [page(1), own, broken], "context": around}).said == [
        "stored", "stored", "quarantined no_date",
    ]  # fmt: skip
    assert repair(Alike(source="web"), [Rule(Mend.DATE, "timestamp", "%d.%m.%Y")]).stored == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT campaign FROM ledger_line WHERE kind = 'page.viewed' ORDER BY seq")
        assert [name for (name,) in cursor.fetchall()] == ["spring", "autumn", "spring"]
    assert web.post("/v1/batch", {"batch": [page(1)], "context": around}).said == ["duplicate"]


@pytest.mark.parametrize(("around", "events"), [({"a": "x" * 20_000}, 26), (deep(20), 1)], ids=["long", "deep"])
def test_a_context_too_large_to_be_kept_with_each_event_is_refused(web: Served, around: Any, events: int) -> None:
    got = web.post("/v1/batch", {"batch": [page(n) for n in range(events)], "context": around})
    assert (got.status, got.json["code"]) == (413, "request_too_large")


@pytest.mark.parametrize("name", ["track", "identify", "page", "screen", "group", "alias"])
def test_the_address_says_the_type_where_the_event_does_not(web: Served, name: str) -> None:
    event = {"userId": "u-1", "anonymousId": "a-1", "event": "Thing Done", "groupId": "g-1", "previousId": "a-0"}
    assert web.post(f"/v1/{name}", {**event, "name": "Home"}).said == ["stored"]


def test_pages_of_other_origins_may_not_send_and_a_secret_key_in_a_page_is_told_off(web: Served) -> None:
    good = web.batch(page(1), key=web.public, Origin=WEB)
    assert (good.status, good.headers["access-control-allow-origin"]) == (200, WEB)
    bad = web.batch(page(2), key=web.public, Origin="https://evil.example")
    assert (bad.status, bad.json["code"]) == (403, "origin")
    assert "access-control-allow-origin" not in bad.headers
    leaked = web.batch(page(3), Origin=WEB)
    assert (leaked.status, leaked.json["code"]) == (403, "secret_key_in_a_page")


def test_a_browser_that_asks_first_is_told_what_it_may(web: Served) -> None:
    asked = {"Origin": WEB, "Access-Control-Request-Headers": "authorization, sentat,<odd>"}
    got = web.ask("OPTIONS", "/v1/batch", headers=asked)
    assert got.status == 204
    assert got.headers["access-control-allow-origin"] == WEB
    assert got.headers["access-control-allow-headers"] == "authorization, sentat"
    other = web.ask("OPTIONS", "/v1/batch", headers={**asked, "Origin": "https://evil.example"})
    assert "access-control-allow-origin" not in other.headers


def test_who_sends_too_fast_is_told_when_to_come_again_and_others_are_not(fresh_database: None) -> None:
    from twostroke.team.actions import create_key
    from twostroke.team.facts import Scope

    with serving(Receiving(rates=Budgets(rate=1, burst=10))) as web:
        other = create_key(name="shop", scope=Scope.INTAKE_SECRET).text
        assert web.batch(*[page(n) for n in range(10)]).status == 200
        got = web.batch(*[page(n) for n in range(10, 20)])
        assert (got.status, got.json["code"]) == (429, "too_fast")
        assert 8 <= int(got.headers["retry-after"]) <= 10
        assert web.batch(page(1), key=other).status == 200
    assert accounts() == (10, 10, 0, 0)


def test_who_sends_mostly_broken_events_is_told_to_mend_them(fresh_database: None) -> None:
    app = Receiving()
    app.writer._quarantine = Budgets(rate=1, burst=5)
    with serving(app) as web:
        assert web.batch(*[{"x": n} for n in range(5)]).status == 200
        got = web.batch(page(1), {"x": 6})
        assert (got.status, got.json["code"]) == (429, "too_much_quarantined")
        assert web.batch(page(1)).said == ["stored"]
    assert accounts() == (6, 1, 0, 5)


def test_a_bucket_gives_what_came_back_and_owes_what_is_more_than_all_of_it() -> None:
    bucket = Bucket(rate=10, burst=20, tokens=20, at=0)
    assert bucket.take(30, 0) == 0
    assert bucket.take(1, 1) == pytest.approx(0.1)
    assert bucket.take(1, 1.2) == 0


def test_there_is_nothing_at_other_addresses(web: Served) -> None:
    assert web.post("/v1/nothing", b"{}").status == 404
    assert web.ask("GET", "/v1/nothing").status == 404
    for method in ("GET", "HEAD", "PUT"):
        got = web.ask(method, "/v1/batch")
        assert (got.status, got.headers["allow"]) == (405, "POST, OPTIONS")


def test_health_says_what_waits_and_what_was_answered(web: Served) -> None:
    web.batch(page(1))
    told = web.ask("GET", "/healthz").json
    assert (told["status"], told["queue"]["events"], told["answers"]) == ("ok", 0, {"200": 1})
    assert told["behind"]["lines"] == 1
    assert told["disk"]["free_bytes"] > 0


def addresses() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT raw FROM identity_identifier WHERE namespace = 'email' AND raw IS NOT NULL")
        return {raw for (raw,) in cursor.fetchall()}


def test_an_address_in_what_is_held_back_stands_in_quarantine_alone_until_a_stored_line_names_it(web: Served) -> None:
    traits = {"email": "bo.lind@nordwind.example"}
    assert web.batch(order(1, context={"traits": traits}), key=web.public).said == ["quarantined needs_secret_key"]
    assert web.batch(page(1)).said == ["stored"]
    assert addresses() == set()
    assert web.batch({"type": "identify", "userId": "u-1", "traits": traits}).said == ["stored"]
    assert addresses() == {"bo.lind@nordwind.example"}


def test_a_retry_of_somebody_who_was_erased_does_not_bring_them_back(web: Served) -> None:
    from twostroke.identity.actions import erase
    from twostroke.identity.queries import resolve
    from twostroke.ledger.actions import catch_up

    event = {"type": "identify", "userId": "u-1", "messageId": "m-1", "traits": {"email": "bo.lind@nordwind.example"}}
    web.batch(event)
    catch_up()
    erase(person=resolve("bo.lind@nordwind.example")[0].id)
    assert addresses() == set()
    assert web.batch(event).said == ["duplicate"]
    assert addresses() == set()
    assert web.batch({**event, "messageId": "m-2"}).said == ["stored"]
    assert addresses() == {"bo.lind@nordwind.example"}
