"""An import a person asks for in steps: a look, questions, answers, for real; each step one job of the worker."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from django.db import transaction

from tests.cast import MARA
from tests.functional.import_steps import HEADER, account, deals, table, twostroke, worth
from twostroke.connectors.files.actions import run_registered
from twostroke.intake import actions
from twostroke.intake.actions import ImportBusyError, ImportRefusedError
from twostroke.intake.models import Import
from twostroke.intake.queries import ImportState, imports, one_import
from twostroke.ledger.queries import head_seq
from twostroke.queue.facts import State
from twostroke.queue.queries import jobs

pytestmark = pytest.mark.usefixtures("fresh_database")


def asked(*files: Path, source: str = "crm", news: bool = False, **more: object) -> str:
    """Mara brings files; nothing is done yet."""
    options = {"paths": [str(file) for file in files], "files": [file.name for file in files],
               "dated": {file.name: None for file in files}, **more}  # fmt: skip
    return actions.request(source=source, options=options, by=MARA.email, news=news)


def now(import_id: str) -> ImportState:
    found = one_import(import_id)
    assert found is not None
    return found


def sums(import_id: str) -> tuple[int, int, int, int]:
    report = now(import_id).report
    assert report is not None
    file = report.files[0]
    assert file.adds_up()
    return file.new, file.same, file.changed, file.rejected


def test_mara_looks_and_then_brings_in_what_she_saw(tmp_path: Path) -> None:
    one = asked(deals(tmp_path / "deals.csv", {"a": 1, "b": 2}))
    before = head_seq()
    assert (now(one).state, now(one).dry_run) == ("queued", True)
    assert [job.state for job in jobs(kind=actions.RUN)] == [State.WAITING]
    run_registered(one)
    assert (now(one).state, now(one).dry_run, sums(one)) == ("done", True, (2, 0, 0, 0))
    assert (head_seq(), imports()) == (before, [])

    actions.go_on(import_id=one, for_real=True)
    run_registered(one)
    assert (now(one).state, now(one).dry_run, sums(one)) == ("done", False, (2, 0, 0, 0))
    assert [state.id for state in imports()] == [one]
    assert now(one).by == MARA.email
    assert worth() == {"a": "1", "b": "2"}
    assert account() == (2, 2, 0, 0)


def test_a_question_waits_for_its_answer_which_serves_the_look_and_the_import(tmp_path: Path) -> None:
    rows = [(f"d{n}", f"Deal d{n}", "Proposal", n, "EUR", f"0{n}/04/2026") for n in range(1, 7)]
    file = table(tmp_path / "deals.csv", HEADER, rows)
    one = asked(file)
    run_registered(one)
    [question] = now(one).questions
    assert now(one).state == "asking"
    with pytest.raises(ImportRefusedError):
        actions.go_on(import_id=one, for_real=True)
    actions.go_on(import_id=one, answers={question.key: "d-m-y"})
    run_registered(one)
    assert (now(one).state, sums(one)) == ("done", (6, 0, 0, 0))
    actions.go_on(import_id=one, for_real=True)
    run_registered(one)
    assert len(worth()) == 6

    again = asked(file)
    run_registered(again)
    assert (now(again).state, sums(again)) == ("done", (0, 6, 0, 0))


def test_a_look_can_be_taken_again_and_again(tmp_path: Path) -> None:
    one = asked(deals(tmp_path / "deals.csv", {"a": 1}))
    for _ in range(3):
        run_registered(one)
        assert sums(one) == (1, 0, 0, 0)
        actions.go_on(import_id=one)
    assert worth() == {}


def test_a_finished_import_is_not_run_again_and_cannot_be_gone_on_with(tmp_path: Path) -> None:
    one = asked(deals(tmp_path / "deals.csv", {"a": 1}))
    run_registered(one)
    actions.go_on(import_id=one, for_real=True)
    run_registered(one)
    before = head_seq()
    run_registered(one)
    run_registered("of nobody")
    assert head_seq() == before
    for for_real in (True, False):
        with pytest.raises(ImportRefusedError, match="cannot be started again"):
            actions.go_on(import_id=one, for_real=for_real)


def test_what_goes_wrong_is_noted_where_mara_looks(tmp_path: Path) -> None:
    (tmp_path / "picture.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 100)
    one = asked(tmp_path / "picture.csv")
    run_registered(one)
    assert (now(one).state, "picture.csv is a file of another kind, no table" in now(one).error) == ("failed", True)
    gone = asked(tmp_path / "gone.csv")
    run_registered(gone)
    assert "there is no such file" in now(gone).error


def test_a_look_that_failed_can_be_taken_again(tmp_path: Path) -> None:
    one = asked(tmp_path / "deals.csv")
    run_registered(one)
    deals(tmp_path / "deals.csv", {"a": 1})
    with pytest.raises(ImportRefusedError):
        actions.go_on(import_id=one, for_real=True)
    actions.go_on(import_id=one)
    run_registered(one)
    assert (now(one).state, now(one).error, sums(one)) == ("done", "", (1, 0, 0, 0))


def test_the_job_of_an_import_is_asked_for_in_the_same_transaction(tmp_path: Path) -> None:
    class Undecided(Exception):
        pass

    def and_then_not() -> None:
        with transaction.atomic():
            asked(deals(tmp_path / "deals.csv", {"a": 1}))
            raise Undecided

    with pytest.raises(Undecided):
        and_then_not()
    assert (list(Import.objects.all()), jobs(kind=actions.RUN)) == ([], [])


def test_a_worker_that_is_at_an_import_already_keeps_it(tmp_path: Path) -> None:
    one = asked(deals(tmp_path / "deals.csv", {"a": 1}))
    told = int(time.time() * 1000)
    Import.objects.filter(id=one).update(state="running", host="elsewhere", process=1, touched_at=told)
    with pytest.raises(ImportBusyError):
        run_registered(one)
    assert now(one).state == "running"
    Import.objects.filter(id=one).update(touched_at=told - 60_000)
    run_registered(one)
    assert now(one).state == "done"


def test_files_that_are_being_imported_by_somebody_else_are_waited_for(tmp_path: Path) -> None:
    file = deals(tmp_path / "deals.csv", {"a": 1})
    first, second = asked(file), asked(file)
    for one in (first, second):
        run_registered(one)
        actions.go_on(import_id=one, for_real=True)
    run_registered(first)
    Import.objects.filter(id=first).update(
        state="running", host="elsewhere", process=1, touched_at=int(time.time() * 1000)
    )
    run_registered(second)
    assert (now(second).state, "being imported right now" in now(second).error) == ("failed", True)
    assert now(first).state == "running"


def test_an_import_undone_before_the_worker_came_to_it_does_not_come_in(tmp_path: Path) -> None:
    one = asked(deals(tmp_path / "deals.csv", {"a": 1}))
    run_registered(one)
    actions.go_on(import_id=one, for_real=True)
    assert twostroke("undo", one).code == 0
    run_registered(one)
    assert (now(one).state, worth()) == ("undone", {})


def test_files_from_a_browser_are_true_when_they_are_brought_in(tmp_path: Path) -> None:
    older, newer = deals(tmp_path / "1" / "deals.csv", {"a": 1}), deals(tmp_path / "2" / "deals.csv", {"a": 2})
    for file in (newer, older):
        one = asked(file)
        run_registered(one)
        actions.go_on(import_id=one, for_real=True)
        run_registered(one)
    assert worth() == {"a": "1"}


def test_a_date_named_for_all_files_holds_for_every_sheet_and_file(tmp_path: Path) -> None:
    from twostroke.connectors.files.actions import EVERY_FILE

    one = asked(deals(tmp_path / "deals.csv", {"a": 1}), dated={EVERY_FILE: 86_400_000})
    run_registered(one)
    actions.go_on(import_id=one, for_real=True)
    run_registered(one)
    from twostroke.ledger.models import Batch

    assert list(Batch.objects.values_list("version_time", flat=True)) == [86_400_000]


def test_progress_and_the_name_of_whoever_asked_can_be_seen(tmp_path: Path) -> None:
    one = asked(deals(tmp_path / "deals.csv", {f"d{n}": n for n in range(300)}), news=True)
    run_registered(one)
    actions.go_on(import_id=one, for_real=True)
    run_registered(one)
    state = now(one)
    assert (state.rows_done, state.rows_total, state.news, state.files) == (300, 300, True, ("deals.csv",))
    assert not state.silent
