"""Who looked up, exported, changed, erased and imported what stands in the audit, and nobody can take it out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.db import DatabaseError, connection, transaction

from tests.cast import ADA, LEA, MARA, SAM
from tests.functional.import_steps import twostroke
from tests.functional.web_data import bring_in
from twostroke.identity.queries import resolve
from twostroke.team.actions import Act, note
from twostroke.team.queries import audited
from twostroke.web import noting

if TYPE_CHECKING:
    from django.test import Client

    from tests.cast import Person

pytestmark = pytest.mark.usefixtures("fresh_database")
BO = "bo.lind@nordwind.example"
SignedIn = Callable[["Person"], "Client"]


@pytest.fixture
def bo(tmp_path: Path) -> str:
    noting._looks.clear()
    bring_in(tmp_path / "files")
    return resolve(BO)[0].id


def told() -> list[tuple[str, str, str, str]]:
    return [(one.who, one.act.value, one.subject_kind, one.subject) for one in reversed(audited())]


def test_a_look_at_a_profile_stands_with_name_and_id(bo: str, signed_in: SignedIn) -> None:
    signed_in(SAM).get(f"/people/{bo}/")
    assert told() == [(SAM.name, "signed in", "", ""), (SAM.name, "looked up", "person", bo)]


def test_the_same_page_again_is_the_same_look_but_not_for_another(bo: str, signed_in: SignedIn) -> None:
    sam, mara = signed_in(SAM), signed_in(MARA)
    for client in (sam, sam, mara):
        client.get(f"/people/{bo}/")
    assert [entry[:2] for entry in told() if entry[1] == "looked up"] == [
        (SAM.name, "looked up"), (MARA.name, "looked up"),
    ]  # fmt: skip


def test_a_page_that_is_not_shown_is_no_look(bo: str, signed_in: SignedIn) -> None:
    assert signed_in(SAM).get(f"/people/{'0' * 32}/").status_code == 404
    assert [entry for entry in told() if entry[1] == "looked up"] == []


def test_taking_data_out_stands_there(bo: str, signed_in: SignedIn) -> None:
    assert signed_in(LEA).get("/people/?format=csv").status_code == 200
    assert told()[-1] == (LEA.name, "exported", "people", "")


def test_reading_lists_writes_nothing(bo: str, signed_in: SignedIn) -> None:
    client = signed_in(SAM)
    client.get("/people/")
    before = len(audited())
    client.get("/people/?q=bo")
    client.get("/deals/")
    assert len(audited()) == before


def test_an_import_taken_back_in_the_browser_is_a_change(bo: str, signed_in: SignedIn) -> None:
    from twostroke.intake.models import Import

    name = Import.objects.get().id
    signed_in(ADA).post(f"/setup/imports/{name}/undo/")
    assert (ADA.name, "changed", "import", name) in told()


def test_verbs_stand_there_with_whom_they_were_about(bo: str, tmp_path: Path) -> None:
    twostroke("timeline", BO)
    twostroke("export-person", BO, "--out", tmp_path / "out")
    twostroke("erase", BO, "--yes")
    assert [entry[1:] for entry in told()] == [
        ("looked up", "person", bo), ("exported", "person", bo), ("erased", "person", bo),
    ]  # fmt: skip
    assert all(entry[0].endswith(" at the machine") for entry in told())


def test_a_verb_that_failed_or_only_looked_ahead_is_not_there(bo: str) -> None:
    twostroke("timeline", "nobody@nowhere.example")
    twostroke("erase", BO, "--dry-run")
    assert told() == []


def test_no_entry_holds_anything_of_a_person(bo: str, signed_in: SignedIn, tmp_path: Path) -> None:
    signed_in(LEA).get(f"/people/{bo}/")
    signed_in(LEA).get("/people/?q=lind&format=json")
    twostroke("find", BO)
    twostroke("merge", BO, "dora.malm@sund.example")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM team_auditentry")
        rows = str(cursor.fetchall()).lower()
    assert not any(word in rows for word in ("lind", "bo.", "dora", "malm", "lea"))


@pytest.mark.parametrize("tampering", ["UPDATE team_auditentry SET act = 'changed'", "DELETE FROM team_auditentry"])
def test_nobody_can_change_an_entry(tampering: str) -> None:
    note(None, Act.LOOKED_UP, "person", "x", operator="root")
    with pytest.raises(DatabaseError, match="only added to"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(tampering)
    assert len(audited()) == 1


def test_the_verb_shows_the_newest_first_and_can_be_narrowed(bo: str) -> None:
    twostroke("timeline", BO)
    twostroke("find", "bo")
    shown = twostroke("audit", "--json").json
    assert [entry["how"] for entry in shown] == ["twostroke find", "twostroke timeline"]
    assert [entry["subject"] for entry in twostroke("audit", "--subject", bo, "--json").json] == [bo]
    assert twostroke("audit", "--act", "erased", "--json").json == []
    assert twostroke("audit", "--since", "9999-01-01", "--json").json == []
    assert "looked up" in twostroke("audit").out
    assert twostroke("audit", "--since", "yesterday").code == 2


def test_an_entry_is_by_a_member_or_by_somebody_at_the_machine() -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        note(None, Act.CHANGED)
