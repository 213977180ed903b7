"""Coming in: by link, by password; and who is kept out."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from tests.cast import ADA, OTTO, PASSWORD, SAM, Person
from twostroke.team import actions
from twostroke.team.models import SignInLink, User

pytestmark = pytest.mark.django_db


def _member(person: Person, password: str | None = PASSWORD) -> None:
    assert person.role is not None
    actions.add_user(email=person.email, name=person.name, role=person.role, password=password)


def _try(client: Client, email: str, password: str, **more: str) -> int:
    return client.post("/sign-in/", {"email": email, "password": password, **more}).status_code


def test_looking_at_a_link_does_not_spend_it() -> None:
    _member(ADA, password=None)
    address = f"/sign-in/{actions.make_sign_in_link(email=ADA.email)}/"
    previewer = Client()
    assert b"Sign in" in previewer.get(address).content
    assert previewer.get("/").status_code == 302
    assert Client().post(address).status_code == 302


def test_a_link_signs_in_once() -> None:
    _member(ADA, password=None)
    address = f"/sign-in/{actions.make_sign_in_link(email=ADA.email)}/"
    first, second = Client(), Client()
    assert first.post(address).headers["Location"] == "/"
    assert first.get("/").status_code == 200
    assert second.post(address).status_code == 410
    assert second.get("/").status_code == 302


def test_a_link_too_old_no_longer_works() -> None:
    _member(ADA, password=None)
    token = actions.make_sign_in_link(email=ADA.email)
    SignInLink.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    assert Client().post(f"/sign-in/{token}/").status_code == 410


def test_the_right_password_signs_in_and_goes_where_one_was_heading() -> None:
    _member(SAM)
    client = Client()
    answer = client.post("/sign-in/", {"email": SAM.email.upper(), "password": PASSWORD, "next": "/setup/"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/setup/")


def test_sign_in_never_leads_to_another_site() -> None:
    _member(SAM)
    answer = Client().post(
        "/sign-in/", {"email": SAM.email, "password": PASSWORD, "next": "https://elsewhere.example/"}
    )
    assert answer.headers["Location"] == "/"


def test_wrong_password_and_unknown_address_are_answered_alike() -> None:
    _member(SAM)
    wrong, unknown = (
        Client().post("/sign-in/", {"email": email, "password": "not this one"}) for email in (SAM.email, OTTO.email)
    )
    sentence = "This address and password do not go together."
    assert sentence in wrong.content.decode()
    assert sentence in unknown.content.decode()


def test_guessing_is_stopped_even_when_the_last_guess_is_right() -> None:
    _member(SAM)
    client = Client()
    assert [_try(client, SAM.email, f"guess {n}") for n in range(actions.TRIES)] == [200] * actions.TRIES
    assert _try(client, SAM.email, PASSWORD) == 429
    assert client.get("/").status_code == 302


def test_guesses_at_one_address_do_not_shut_out_another() -> None:
    _member(SAM)
    _member(ADA)
    for n in range(actions.TRIES):
        _try(Client(), SAM.email, f"guess {n}")
    assert _try(Client(), ADA.email, PASSWORD) == 302


def test_somebody_switched_off_is_out_at_once() -> None:
    _member(SAM)
    client = Client()
    _try(client, SAM.email, PASSWORD)
    User.objects.filter(email=SAM.email).update(is_active=False)
    assert client.get("/").status_code == 302
    assert _try(Client(), SAM.email, PASSWORD) == 200


def test_a_new_password_works_and_ends_the_other_sessions() -> None:
    _member(SAM)
    here, elsewhere = Client(), Client()
    _try(here, SAM.email, PASSWORD)
    _try(elsewhere, SAM.email, PASSWORD)
    fresh = "an even longer pass phrase"
    assert here.post("/setup/password/", {"password": fresh, "again": fresh}).status_code == 302
    assert here.get("/").status_code == 200
    assert elsewhere.get("/").status_code == 302
    assert _try(Client(), SAM.email, fresh) == 302


def test_a_short_or_mistyped_password_is_refused_in_words() -> None:
    _member(SAM)
    client = Client()
    _try(client, SAM.email, PASSWORD)
    short = client.post("/setup/password/", {"password": "short", "again": "short"}).content.decode()
    assert "at least 12 characters" in short
    twice = {"password": "long enough phrase", "again": "another phrase"}
    other = client.post("/setup/password/", twice).content.decode()
    assert "do not match" in other


def test_sign_out_ends_the_session_and_only_by_post() -> None:
    _member(SAM)
    client = Client()
    _try(client, SAM.email, PASSWORD)
    assert client.get("/sign-out/").status_code == 405
    client.post("/sign-out/")
    assert client.get("/").status_code == 302
