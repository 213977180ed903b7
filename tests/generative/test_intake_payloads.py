"""Whatever is sent: no answer above 499, and what was answered is exactly what the accounts say.

``TWOSTROKE_PAYLOADS=10000`` runs the proof: four in five are mutations of what clients send, one is drawn from the
schema by schemathesis. ``TWOSTROKE_SEED`` repeats the mutations of a run.
"""

from __future__ import annotations

import copy
import gzip
import json
import os
import random
from collections import Counter
from typing import Any

import hypothesis
import pytest
import schemathesis

from tests.generative.intake_schema import OPENAPI
from tests.intake_steps import Got, accounts, order, page, serving
from twostroke.identity.queries import resolve
from twostroke.ledger.actions import catch_up
from twostroke.ledger.queries import held_counts
from twostroke.ledger.verify import verify
from twostroke.receiving.app import Receiving
from twostroke.receiving.budgets import Budgets

pytestmark = pytest.mark.usefixtures("fresh_database")
PAYLOADS = int(os.environ.get("TWOSTROKE_PAYLOADS", "400"))

# Strings that programs stumble over: empty, null-like, script-like, path-like, format-like, control characters, bidi,
# combining, wide, unpaired and private characters, numbers at the edges of their types.
NAUGHTY = [
    "", " ", "null", "undefined", "NaN", "[object Object]", "true", "0", "-1", "1e309", "9" * 40, "1/0", "0x7fffffff",
    "'; DROP TABLE ledger_line; --", "<script>alert(1)</script>", "../../etc/passwd", "%s%n%x", "{{7*7}}", "${jndi:x}",
    "\u0000", "a\u0000b", "\u0007\u001b[31m", "\u202e\u200b\ufeff", "e\u0301" * 50, "\U0001f469\u200d\U0001f680",
    "\ud800", "\udfff\ud800", "\ufffe\uffff", "ﷺ", "田中さん", "Ω≈ç√∫", "x" * 5000, "a@b", "a@b@c.example",
    "bo.lind@nordwind.example", "+49 30 123456", "2026-02-30T25:61:00Z", "0000-00-00", "-271821-04-20T00:00:00Z",
    "\n\r\t", "=cmd|' /C calc'!A0", "on", "Inf", "１２３", "\u2028\u2029", "con.txt", "\\", '"', "/", "..",
]  # fmt: skip
ODD: list[Any] = [
    None, True, False, 0, -0.0, 1.5e308, 2**53, 2**63, 2**64, 10**30, -(2**63), [], {}, [[]], {"a": None}, [None] * 50,
    float("nan"), float("inf"), {"": ""}, {"$set": {"email": 7}}, [1, "a", {}],
]  # fmt: skip


def seeds() -> list[dict[str, Any]]:
    who = {"userId": "u-1", "anonymousId": "a-1", "messageId": "m-1", "timestamp": "2026-11-24T08:00:00Z"}
    return [
        page(1, context={"campaign": {"name": "spring", "source": "mail"}, "ip": "192.0.2.1", "locale": "de-AT"}),
        order(1, context={"traits": {"email": "bo.lind@nordwind.example"}}),
        {"type": "identify", **who, "traits": {"email": "a@b.example", "company": {"id": "c-1", "name": "C"}}},
        {"type": "group", **who, "groupId": "g-1", "traits": {"name": "G", "employees": 5}},
        {"type": "alias", **who, "previousId": "a-0"},
        {
            "type": "track",
            "event": "Products Searched",
            **who,
            "properties": {"query": "beans", "products": [{"id": 1}]},
        },
        {"type": "screen", "name": "Basket", **who},
        {"type": "track", "event": "Email Opened", **who, "properties": {"email_id": "e-1", "campaign_id": "c"}},
    ]


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every place in a value where something stands: the container and the key."""
    items = (
        list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else []
    )
    return [place for key, inner in items for place in [(value, key), *places(inner)]]


def mutated(chance: random.Random) -> dict[str, Any]:
    event = copy.deepcopy(chance.choice(seeds()))
    event["messageId"] = chance.choice([event.get("messageId"), f"m-{chance.randrange(10**9)}", *NAUGHTY[:8]])
    for _ in range(chance.randrange(4)):
        holder, key = chance.choice(places(event))
        what = chance.randrange(4)
        if what == 0 and isinstance(holder, dict):
            holder.pop(key, None)
        elif what == 1 and isinstance(holder, dict):
            holder[chance.choice(NAUGHTY)] = chance.choice(NAUGHTY)
        else:
            holder[key] = copy.deepcopy(chance.choice(chance.choice([NAUGHTY, ODD])))
    return event


def noisy(body: bytes, chance: random.Random) -> bytes:
    """The same bytes with some changed, cut, doubled or put in."""
    found = bytearray(body)
    for _ in range(chance.randrange(1, 6)):
        at = chance.randrange(len(found) + 1)
        what = chance.randrange(4)
        if what == 0:
            found[at : at + 1] = bytes([chance.randrange(256)])
        elif what == 1:
            del found[at : at + chance.randrange(20)]
        elif what == 2:
            found[at:at] = found[max(0, at - 10) : at]
        else:
            found[at:at] = chance.randbytes(3)
    return bytes(found)


def body_of(dialect: str, chance: random.Random) -> tuple[str, bytes]:
    """What kind of payload it is, and its bytes."""
    luck = chance.random()
    if luck < 0.01:
        return "gzip bomb", gzip.compress(b'{"batch": [' + b" " * chance.choice([600_000, 20_000_000]))
    events = [mutated(chance) for _ in range(chance.randrange(1, 6))]
    body = json.dumps({"batch": events} if "batch" in dialect else events[0]).encode("utf-8", "surrogatepass")
    if luck < 0.03:
        levels = chance.choice([19, 30, 2_000, 60_000])
        deep = b'{"a":' * levels + b"1" + b"}" * levels
        return "deep", body.replace(b"}", b', "properties": %b}' % deep, 1)
    if luck < 0.4:
        return "byte noise", noisy(body, chance)
    if luck < 0.5:
        return "gzip", gzip.compress(body)
    if luck < 0.55:
        return "torn gzip", noisy(gzip.compress(body), chance)
    return "mutated", body


class Accounts:
    """What was answered so far, as the accounts must say it."""

    def __init__(self) -> None:
        self.told: Counter[str] = Counter()

    def note(self, got: Got) -> None:
        assert got.status < 500, got
        if got.status == 200:
            self.told.update(one["status"] for one in got.json["results"])
        elif got.status in (400, 413):
            self.told["quarantined"] += 1
        else:
            assert got.status == 401

    def hold(self) -> None:
        told = self.told
        assert accounts() == (told.total(), told["stored"], told["duplicate"], told["quarantined"])
        catch_up()
        assert verify().problems == ()


def unhurried() -> Receiving:
    """An intake that no budget slows down."""
    endless = Budgets(rate=1e9, burst=1e9)
    app = Receiving(rates=endless)
    app.writer._quarantine = endless
    return app


def test_no_payload_is_answered_with_a_fault_and_each_is_accounted_for() -> None:
    chance = random.Random(int(os.environ.get("TWOSTROKE_SEED", "4")))
    said, kinds = Accounts(), Counter[str]()
    with serving(unhurried()) as web:
        for _ in range(PAYLOADS * 4 // 5):
            dialect = chance.choice(["/v1/batch", "/v1/batch", "/v1/track", "/v1/identify", "/batch/", "/v1/p"])
            kind, body = body_of(dialect, chance)
            kinds[kind] += 1
            said.note(web.post(dialect, body, key=chance.choice([web.secret, web.public])))
    assert all(said.told[name] for name in ("stored", "duplicate", "quarantined"))
    said.hold()
    held = {one.code: one.messages for one in held_counts()}
    print(f"{kinds.total():,} payloads {dict(kinds)}: no fault, {dict(said.told)}, accounts exact; held: {held}")


def test_no_body_the_schema_allows_or_forbids_is_answered_with_a_fault() -> None:
    schema, said, drawn = schemathesis.openapi.from_dict(OPENAPI), Accounts(), Counter[str]()
    modes = (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE)
    cases = [schema[path]["POST"].as_strategy(generation_mode=mode) for path in OPENAPI["paths"] for mode in modes]
    with serving(unhurried()) as web:

        @hypothesis.settings(max_examples=PAYLOADS // 5, suppress_health_check=list(hypothesis.HealthCheck))
        @hypothesis.given(hypothesis.strategies.one_of(cases), hypothesis.strategies.booleans())
        def send(case: Any, secret: bool) -> None:
            drawn["allowed" if case.meta.generation.mode is modes[0] else "forbidden"] += 1
            body = case.body if isinstance(case.body, bytes) else json.dumps(case.body).encode()
            said.note(web.post(case.path, body, key=web.secret if secret else web.public))

        send()
    said.hold()
    assert all(drawn.values())
    print(f"{drawn.total():,} payloads of the schema {dict(drawn)}: no fault, {dict(said.told)}, accounts exact")


def test_forty_cards_typed_on_one_tablet_are_forty_people() -> None:
    with serving() as web:
        cards = [
            {
                "type": "identify", "anonymousId": "tablet", "messageId": f"card-{n}",
                "traits": {"email": f"guest{n}@firm{n}.example", "name": f"Guest {n}"},
            }
            for n in range(40)
        ]  # fmt: skip
        assert set(web.batch(*cards).said) == {"stored"}
        web.batch(page(1, anonymousId="tablet"))
    catch_up()
    found = [hit.id for n in range(40) for hit in resolve(f"guest{n}@firm{n}.example") if hit.kind == "person"]
    assert len(found) == len(set(found)) == 40
