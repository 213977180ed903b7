"""API keys, from the command line and from Setup: shown once, hashed, rotated without a new source, ended."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.cast import ADA, LEA, MARA, SAM
from tests.functional.import_steps import twostroke
from twostroke.kit.time import now_millis, set_clock
from twostroke.team.actions import KeyRefusedError, create_key, note_use, rotate_key
from twostroke.team.facts import Scope
from twostroke.team.models import Key
from twostroke.team.queries import api_keys, audited, digest_of, live_keys, wrong_keys

if TYPE_CHECKING:
    from django.test import Client

    from tests.cast import Person

pytestmark = pytest.mark.django_db
SignedIn = Callable[["Person"], "Client"]
DAY_MICROS = 86_400_000_000


def create(name: str = "web", *more: str, scope: str = "intake-public") -> str:
    said = twostroke("keys", "create", "--scope", scope, "--name", name, "--json", *more)
    assert said.code == 0, said.err
    return str(said.json["key"])


def in_days(days: int) -> None:
    at = now_millis() * 1000 + days * DAY_MICROS
    set_clock(lambda: at)


def test_a_key_is_shown_once_and_only_its_hash_is_kept() -> None:
    text = create()
    assert re.fullmatch(r"tsp_[A-Za-z0-9]{32}", text)
    assert text not in twostroke("keys", "list").out
    assert text not in str(list(Key.objects.values()))
    assert live_keys()[digest_of(text)].name == "web"


def test_a_rotated_key_has_the_same_source_and_the_old_one_ends_a_week_later() -> None:
    old = create("web", "--source", "shop", "--origin", "https://shop.example")
    new = twostroke("keys", "rotate", "web", "--json").json["key"]
    both = {digest_of(old), digest_of(new)}
    assert live_keys().keys() == both
    assert {(key.source, key.origins) for key in live_keys().values()} == {("shop", ("https://shop.example",))}
    in_days(8)
    assert live_keys().keys() == {digest_of(new)}


def test_rotation_without_overlap_ends_the_old_one_at_once() -> None:
    create()
    new = twostroke("keys", "rotate", "web", "--overlap", "0", "--json").json["key"]
    assert live_keys().keys() == {digest_of(new)}


def test_a_rotation_never_lengthens_the_life_of_a_key_that_ends_sooner() -> None:
    soon = now_millis() + 86_400_000
    create_key(name="web", scope=Scope.INTAKE_PUBLIC, expires_at=soon)
    rotate_key(name="web")
    assert [key.expires_at for key in api_keys()] == [soon, None]


def test_a_revoked_key_opens_nothing_and_is_never_rotated_back() -> None:
    create()
    assert twostroke("keys", "revoke", "web").code == 0
    assert live_keys() == {}
    assert "was revoked" in twostroke("keys", "rotate", "web").err


def test_a_key_ends_on_its_day() -> None:
    create()
    tomorrow = f"{__import__('datetime').date.fromtimestamp(now_millis() / 1000 + 86_400)}"
    assert twostroke("keys", "expire", "web", "--at", tomorrow).code == 0
    assert len(live_keys()) == 1
    in_days(3)
    assert live_keys() == {}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("HTTPS://Shop.Example/", "https://shop.example"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("*", "*"),
        ("https://shop.example:443", "https://shop.example"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("https://Bücher.example", "https://xn--bcher-kva.example"),
        ("https://straße.example", "https://xn--strae-oqa.example"),
    ],
)
def test_an_origin_is_kept_as_browsers_write_it(given: str, kept: str) -> None:
    create("web", "--origin", given)
    assert api_keys()[0].origins == (kept,)


@pytest.mark.parametrize("given", ["shop.example", "https://", "ftp://x.example", "https://x.example/a", "https://u@x",
                                   "https://*.x.example", "https://a b.example", "https://x..example"])  # fmt: skip
def test_what_is_no_origin_is_refused_with_an_example(given: str) -> None:
    said = twostroke("keys", "create", "--scope", "intake-public", "--name", "web", "--origin", given)
    assert said.code == 1
    assert "https://www.example.com" in said.err


def test_a_secret_key_has_no_origins() -> None:
    said = twostroke(
        "keys", "create", "--scope", "intake-secret", "--name", "server", "--origin", "https://shop.example"
    )
    assert "must never stand in a web page" in said.err


@pytest.mark.parametrize("name", ["Web", "a b", "", "x" * 41, "twostroke", "é"])
def test_a_name_is_a_plain_word_and_not_the_programs_own(name: str) -> None:
    with pytest.raises(KeyRefusedError):
        create_key(name=name, scope=Scope.INTAKE_PUBLIC)


def test_a_name_is_taken_once() -> None:
    create()
    said = twostroke("keys", "create", "--scope", "intake-public", "--name", "web")
    assert "keys rotate web" in said.err


def test_the_last_use_only_goes_forward_and_wrong_keys_add_up() -> None:
    create()
    key = api_keys()[0].id
    for at in (2000, 1000):
        note_use(used={key: at}, wrong={"a" * 32: 2, "b" * 32: 1})
    assert api_keys()[0].last_used_at == 2000
    assert wrong_keys() == (6, 2)


def test_keys_made_and_ended_stand_in_the_audit_and_a_look_does_not() -> None:
    create()
    twostroke("keys", "list")
    twostroke("keys", "revoke", "web")
    assert [(one.how, one.subject) for one in audited()] == [("twostroke keys", "web"), ("twostroke keys", "web-1")]


def test_only_the_administrator_sees_keys(signed_in: SignedIn) -> None:
    assert [signed_in(who).get("/setup/keys/").status_code for who in (ADA, SAM, MARA, LEA)] == [200, 404, 404, 404]


def test_the_page_makes_a_key_shows_it_once_and_ends_it(signed_in: SignedIn) -> None:
    ada = signed_in(ADA)
    made = {"name": "web", "scope": "intake-public", "source": "", "origins": "https://a.example https://b.example"}
    page = ada.post("/setup/keys/", made).content.decode()
    text = re.search(r"tsp_[A-Za-z0-9]{32}", page)
    assert text
    assert live_keys()[digest_of(text[0])].origins == ("https://a.example", "https://b.example")
    assert text[0] not in ada.get("/setup/keys/").content.decode()
    assert re.search(r"tsp_[A-Za-z0-9]{32}", ada.post("/setup/keys/web/rotate/").content.decode())
    ada.post("/setup/keys/web/revoke/")
    assert live_keys() == {}


def test_the_page_says_what_is_wrong_with_a_name(signed_in: SignedIn) -> None:
    page = signed_in(ADA).post("/setup/keys/", {"name": "A b", "scope": "intake-public"}).content.decode()
    assert "is no name for a key" in page
