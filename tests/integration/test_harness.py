"""The harness itself: what a test can rely on."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from tests.cast import ADA, OTTO, SAM
from twostroke.kit.home import Home
from twostroke.team.actions import add_user
from twostroke.team.facts import Role
from twostroke.team.models import User


@pytest.mark.django_db
@pytest.mark.parametrize("time", ["first", "second"])
def test_what_a_plain_test_writes_is_gone_for_the_next(time: str) -> None:
    assert User.objects.count() == 0
    add_user(email=SAM.email, name=SAM.name, role=Role.SALES)


@pytest.mark.usefixtures("fresh_database")
@pytest.mark.parametrize("time", ["first", "second"])
def test_what_a_test_commits_is_gone_for_the_next(time: str) -> None:
    assert User.objects.count() == 0
    add_user(email=ADA.email, name=ADA.name, role=Role.ADMIN)
    assert not connection.in_atomic_block


@pytest.mark.usefixtures("fresh_database")
def test_another_thread_sees_what_was_committed() -> None:
    add_user(email=SAM.email, name=SAM.name, role=Role.SALES)
    seen: list[int] = []

    def look() -> None:
        seen.append(User.objects.count())
        connection.close()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [1]


@pytest.mark.usefixtures("fresh_database")
def test_a_fresh_database_comes_with_an_empty_home_under_the_same_key() -> None:
    home: Home = settings.TWOSTROKE_HOME
    assert home != Home.chosen()
    assert home.key("installation") == settings.TWOSTROKE_KEY
    assert list(home.heads.iterdir()) == []


@pytest.mark.django_db
@pytest.mark.sqlite
def test_without_a_word_the_tests_run_on_sqlite() -> None:
    assert connection.vendor == "sqlite"


@pytest.mark.django_db
@pytest.mark.postgres
def test_with_the_option_they_run_on_a_real_postgresql() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT version()")
        assert cursor.fetchone()[0].startswith("PostgreSQL ")


@pytest.mark.django_db
def test_the_cast_can_sign_in_and_the_outsider_cannot(signed_in: Callable[..., Client]) -> None:
    assert "_auth_user_id" in signed_in(SAM).session
    assert "_auth_user_id" not in signed_in(OTTO).session
