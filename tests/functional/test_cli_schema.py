"""A home whose tables are of another age than the program: said in a sentence by every verb, never half understood."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.functional.import_steps import twostroke

pytestmark = pytest.mark.usefixtures("fresh_database")
READING = (("accounts",), ("find", "anna"), ("metric", "pipeline"), ("imports",), ("state-hash",))


def steps(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("words", READING, ids=lambda words: words[0])
def test_a_verb_refuses_tables_of_a_newer_program(words: tuple[str, ...]) -> None:
    steps("INSERT INTO django_migrations (app, name, applied) VALUES ('ledger', '9999_of_the_future', '2030-01-01')")
    said = twostroke(*words)
    assert said.code == 1
    assert "changed by a newer Twostroke (ledger.9999_of_the_future" in said.err
    assert said.out == ""


def test_neither_does_a_new_start_touch_them() -> None:
    steps("INSERT INTO django_migrations (app, name, applied) VALUES ('ledger', '9999_of_the_future', '2030-01-01')")
    assert "nothing was touched" in twostroke("init").err


def test_a_verb_says_how_older_tables_are_brought_up_to_date() -> None:
    steps("DELETE FROM django_migrations WHERE app = 'team' AND name LIKE '0005%'")
    said = twostroke("accounts")
    assert said.code == 1
    assert "Bring it up to date with: twostroke init" in said.err


def test_verify_still_looks_and_names_the_step() -> None:
    steps("INSERT INTO django_migrations (app, name, applied) VALUES ('ledger', '9999_of_the_future', '2030-01-01')")
    said = twostroke("verify")
    assert said.code == 4
    assert "ledger.9999_of_the_future" in said.out
