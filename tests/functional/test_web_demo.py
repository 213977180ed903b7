"""The demo's bar: one press from role to role, in a demo's home and for its cast, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.test import Client

from tests.cast import SAM, Person
from twostroke.cli import demo as command
from twostroke.cli import demo_company
from twostroke.team.actions import add_user
from twostroke.team.facts import Role
from twostroke.team.models import User
from twostroke.web.demo import CAST, MARK

pytestmark = pytest.mark.django_db
LEA, ADA = "lea@demo.example", "ada@demo.example"


@pytest.fixture
def cast() -> None:
    for email, name, role in command.CAST:
        add_user(email=email, name=name, role=Role(role))


@pytest.fixture
def demo_home() -> Iterator[None]:
    mark = settings.TWOSTROKE_HOME.path / MARK
    mark.write_text("A demo.", "utf-8")
    yield
    mark.unlink()


def client_of(email: str, **more: bool) -> Client:
    client = Client(**more)  # type: ignore[arg-type]
    client.force_login(User.objects.get(email=email))
    return client


def who_is_in(client: Client) -> str:
    return User.objects.get(pk=client.session["_auth_user_id"]).email


def test_the_bar_knows_the_mark_and_the_cast_of_the_command() -> None:
    assert demo_company.MARK == MARK
    assert {email for email, _name, _role in command.CAST} == set(CAST)


@pytest.mark.usefixtures("cast", "demo_home")
def test_one_press_changes_the_role_and_opens_their_home() -> None:
    client = client_of(ADA)
    assert "See as" in client.get("/").content.decode()
    answer = client.post("/see-as/", {"email": LEA})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert who_is_in(client) == LEA


@pytest.mark.usefixtures("cast", "demo_home")
@pytest.mark.parametrize("wanted", ["", "sam@firm.example", "LEA@demo.example", "nobody@demo.example"])
def test_nobody_outside_the_cast_can_be_looked_as(wanted: str, signed_in: Callable[[Person], Client]) -> None:
    signed_in(SAM)
    client = client_of(ADA)
    assert client.post("/see-as/", {"email": wanted}).status_code == 404
    assert who_is_in(client) == ADA


@pytest.mark.usefixtures("cast", "demo_home")
def test_who_is_not_of_the_cast_sees_no_bar_and_cannot_change(signed_in: Callable[[Person], Client]) -> None:
    client = signed_in(SAM)
    assert "See as" not in client.get("/").content.decode()
    assert client.post("/see-as/", {"email": ADA}).status_code == 404
    assert who_is_in(client) == SAM.email


@pytest.mark.usefixtures("cast")
def test_in_a_firms_own_home_there_is_no_bar_even_for_these_addresses() -> None:
    client = client_of(LEA)
    assert "See as" not in client.get("/").content.decode()
    assert client.post("/see-as/", {"email": ADA}).status_code == 404
    assert who_is_in(client) == LEA


@pytest.mark.usefixtures("cast", "demo_home")
def test_a_stranger_and_a_forged_form_change_nothing() -> None:
    assert Client().post("/see-as/", {"email": ADA}).headers["Location"].startswith("/sign-in/")
    client = client_of(LEA, enforce_csrf_checks=True)
    assert client.post("/see-as/", {"email": ADA}).status_code == 403
    assert client.get("/see-as/").status_code == 405
    assert who_is_in(client) == LEA


@pytest.mark.usefixtures("cast", "demo_home")
def test_one_of_the_cast_who_left_is_not_offered() -> None:
    User.objects.filter(email=LEA).update(is_active=False)
    client = client_of(ADA)
    assert LEA not in client.get("/").content.decode()
    assert client.post("/see-as/", {"email": LEA}).status_code == 404
