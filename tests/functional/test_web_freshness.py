"""What is kept from one look to the next is never older than the log."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.cast import ADA, Person
from tests.functional.web_data import bring_in
from tests.histories import message, write
from twostroke.identity import queries as identity
from twostroke.intake.actions import undo
from twostroke.ledger.actions import catch_up
from twostroke.ledger.facts import Draft
from twostroke.web import freshness
from twostroke.web.freshness import Kept

pytestmark = pytest.mark.usefixtures("fresh_database")


def test_pages_show_what_an_import_brought_and_what_an_undo_took_back(
    signed_in: Callable[[Person], Client], tmp_path: Path
) -> None:
    ada = signed_in(ADA)
    seen = []
    for step in (lambda: None, lambda: bring_in(tmp_path / "firm"), lambda: undo(import_id=newest_import())):
        step()
        people = ada.get("/people/").content.decode()
        rows = ada.get("/numbers/pipeline/?format=json").json()["rows"]
        seen.append(("Anna Berg" in people, len(rows)))
    assert seen == [(False, 0), (True, 3), (False, 0)]


def test_an_answer_is_asked_once_for_each_state_of_the_log(tmp_path: Path) -> None:
    kept: Kept[int] = Kept()
    asked: list[int] = []

    def answer() -> int:
        asked.append(1)
        return len(asked)

    assert [kept.get("q", answer), kept.get("q", answer)] == [1, 1]
    bring_in(tmp_path / "firm")
    assert [kept.get("q", answer), kept.get("q", answer)] == [2, 2]


def test_the_list_of_people_is_sorted_anew_for_people_and_not_for_what_they_do(tmp_path: Path) -> None:
    bring_in(tmp_path / "firm")
    known = identity.all_keys()[0]
    kept: Kept[int] = Kept(follows=identity.edition)
    asked: list[int] = []

    def answer() -> int:
        asked.append(1)
        return len(asked)

    def after(*drafts: Draft) -> int:
        write(message(f"m{len(drafts)}{drafts[0].kind}", *drafts))
        catch_up()
        return kept.get("q", answer)

    def about(kind: str, who: str = known, **more: Any) -> Draft:
        return Draft(kind, "person", who, identifier=who, **more)

    assert after(about("page.viewed")) == 1
    assert after(about("form.submitted"), about("page.viewed")) == 1
    assert after(about("person.described", personal={"name": "Zoe"})) == 2
    assert after(about("card.taken", "0123456789abcdef" * 2)) == 3
    undo(import_id=newest_import())
    assert kept.get("q", answer) == 4


def test_nothing_is_kept_while_the_tables_are_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    late = freshness.behind()
    monkeypatch.setattr(freshness, "behind", lambda: type(late)(lines=1, units=0, broken=0))
    kept: Kept[int] = Kept()
    answers = iter([1, 2])
    assert [kept.get("q", lambda: next(answers)), kept.get("q", lambda: next(answers))] == [1, 2]


def test_only_so_many_answers_are_kept() -> None:
    kept: Kept[str] = Kept(most=2)
    for question in ("a", "b", "c"):
        kept.get(question, lambda question=question: question)
    assert kept.get("c", lambda: "new") == "c"
    assert kept.get("a", lambda: "new") == "new"


def newest_import() -> str:
    from twostroke.intake.queries import imports

    return imports()[0].id
