"""Imports that are killed, stopped, doubled and taken over: no row twice, none lost, the sum adds up over all runs."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.children import child, until
from tests.functional.import_steps import account, bring, deals, state, sums, twostroke, worth
from twostroke.intake import actions, storing
from twostroke.intake.facts import ImportBusyError
from twostroke.intake.models import Import, ImportFile
from twostroke.kit.pacing import Pace

pytestmark = pytest.mark.usefixtures("fresh_database")
KILLS = int(os.environ.get("TWOSTROKE_KILLS", "3"))
ROWS = 4000
COMMAND = ("-m", "twostroke.cli.main", "import")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Deals of which every tenth names the key of another one again, with another worth."""
    rows = [(f"d{n - n % 10 + 1 if n % 10 == 0 and n else n}", n) for n in range(ROWS)]
    return deals(tmp_path / "deals.csv", rows, day=1)


def rows_in() -> int:
    return sum(ImportFile.objects.values_list("rows_in", flat=True))


def running() -> bool:
    return Import.objects.filter(state="running").exists()


def ended(process: Any) -> None:
    process.wait(60)


def uninterrupted(file: Path) -> tuple[tuple[int, int, int, int], dict[str, str]]:
    """What the same file gives under another name when nobody disturbs it."""
    report = bring(file, source="calm")
    found = worth()
    assert twostroke("undo", report["import"]).code == 0
    return sums(report), found


def test_an_import_killed_again_and_again_ends_as_one_that_was_not(file: Path, tmp_path: Path) -> None:
    verdicts, values = uninterrupted(file)
    chance, output = random.Random(os.environ.get("TWOSTROKE_SEED")), tmp_path / "output"
    for at in sorted(chance.randrange(1, ROWS) for _ in range(KILLS)):
        before = rows_in()
        with child(*COMMAND, str(file), "--as", "crm", output=output) as process:
            until(
                lambda at=at, before=before: rows_in() - before >= at // KILLS or process.poll() is not None,
                output=output,
            )
            process.send_signal(signal.SIGKILL)
            ended(process)
    report = bring(file)
    assert sums(report) == verdicts
    assert worth() == values
    received, stored, duplicate, quarantined = account()
    assert (received, stored + duplicate + quarantined) == (ROWS, ROWS)
    assert Import.objects.filter(source="crm").count() == 1
    assert sums(bring(file)) == (0, ROWS, 0, 0)


def test_after_ctrl_c_the_same_command_goes_on(file: Path, tmp_path: Path) -> None:
    output = tmp_path / "output"
    with child(*COMMAND, str(file), "--as", "crm", output=output) as process:
        until(lambda: rows_in() > 100, output=output)
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130
    assert "Traceback" not in output.read_text()
    assert "the same command goes on" in output.read_text()
    [stopped] = twostroke("imports", "--json").json
    assert (stopped["state"], 0 < stopped["rows"] < ROWS) == ("failed", True)
    assert "goes on with it" in twostroke("imports", stopped["import"]).err
    report = bring(file)
    assert report["import"] == stopped["import"]
    assert account()[0] == ROWS


def test_ctrl_c_in_the_midst_of_a_slice_lets_that_slice_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write, slices = storing.Storing._write, [0]

    def interrupted(self: storing.Storing, *given: Any) -> None:
        slices[0] += 1
        if slices[0] == 2:
            os.kill(os.getpid(), signal.SIGINT)
        write(self, *given)

    monkeypatch.setattr(storing, "Pace", slices_of(100))
    monkeypatch.setattr(storing.Storing, "_write", interrupted)
    said = twostroke("import", deals(tmp_path / "deals.csv", {f"d{n}": n for n in range(900)}), "--as", "crm")
    assert (said.code, slices, rows_in()) == (130, [2], 200)
    monkeypatch.undo()
    assert sums(bring(tmp_path / "deals.csv")) == (900, 0, 0, 0)


def test_ctrl_c_stops_at_once_when_said_twice_or_while_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def twice(self: storing.Storing, *given: Any) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(30)

    # Whoever starts the tests in the background has Ctrl-C switched off for them.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    file = deals(tmp_path / "deals.csv", {"a": 1})
    monkeypatch.setattr(storing.Storing, "_write", twice)
    assert twostroke("import", file, "--as", "crm").code == 130
    monkeypatch.setattr("twostroke.connectors.files.actions.plan", lambda wish: os.kill(os.getpid(), signal.SIGINT))
    assert twostroke("import", file, "--as", "crm").code == 130
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    signal.signal(signal.SIGINT, before)


def test_a_killed_import_is_listed_as_stopped_and_can_be_taken_back(file: Path, tmp_path: Path) -> None:
    before, output = state(), tmp_path / "output"
    with child(*COMMAND, str(file), "--as", "crm", output=output) as process:
        until(lambda: rows_in() > 100, output=output)
        process.send_signal(signal.SIGKILL)
        ended(process)
    [stopped] = twostroke("imports", "--json").json
    assert stopped["state"] == "stopped"
    assert twostroke("undo", stopped["import"]).code == 0
    assert state() == before
    assert sums(bring(file))[3] == 0
    assert len(twostroke("imports", "--json").json) == 2


def test_a_second_import_of_the_same_files_is_refused_while_the_first_runs(tmp_path: Path) -> None:
    file, output = deals(tmp_path / "deals.csv", {f"d{n}": n for n in range(8000)}), tmp_path / "output"
    with child(*COMMAND, str(file), "--as", "crm", output=output) as process:
        until(lambda: rows_in() > 0, output=output)
        said = twostroke("import", file, "--as", "crm")
        assert (said.code, "being imported right now" in said.err) == (1, True)
        assert process.wait(120) == 0
    assert account() == (8000, 8000, 0, 0)
    assert Import.objects.get().state == "done"


def test_an_import_whose_process_lives_is_neither_taken_over_nor_taken_back(tmp_path: Path) -> None:
    file = deals(tmp_path / "deals.csv", {"a": 1})
    one = bring(file)["import"]
    with child("-c", "import time; time.sleep(60)", output=tmp_path / "output") as process:
        told = int(time.time() * 1000)
        here = socket.gethostname()
        Import.objects.update(state="running", process=process.pid, host=here, touched_at=told)
        assert "being imported right now" in twostroke("import", file, "--as", "crm").err
        assert "still running" in twostroke("undo", one).err
        assert twostroke("imports", "--json").json[0]["state"] == "running"
    assert twostroke("imports", "--json").json[0]["state"] == "stopped"
    assert bring(file)["import"] == one


def test_imports_of_different_files_run_side_by_side(tmp_path: Path) -> None:
    files = [deals(tmp_path / f"{n}.csv", {f"{n} {m}": m for m in range(1500)}) for n in range(2)]
    outputs = [tmp_path / f"output {n}" for n in range(2)]
    with (
        child(*COMMAND, str(files[0]), "--as", "north", output=outputs[0]) as one,
        child(*COMMAND, str(files[1]), "--as", "south", output=outputs[1]) as two,
    ):
        assert (one.wait(120), two.wait(120)) == (0, 0), [output.read_text() for output in outputs]
    assert (account("north"), account("south")) == ((1500, 1500, 0, 0), (1500, 1500, 0, 0))
    assert len(worth()) == 3000


class Crashed(BaseException):
    """As if the process had ended here."""


def crash(*given: object, **named: object) -> None:
    raise Crashed


@pytest.fixture
def dying(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The process ends without a word: nothing is noted as failed."""
    monkeypatch.setattr("twostroke.connectors.files.actions.fail", lambda **named: None)
    return monkeypatch


@pytest.mark.parametrize(
    "where",
    ["twostroke.connectors.files.actions._bring_in", "twostroke.connectors.files.actions._store",
     "twostroke.intake.storing.append", "twostroke.intake.storing.Storing._note",
     "twostroke.connectors.files.actions.finish", "twostroke.connectors.files.actions.remember"],
)  # fmt: skip
def test_wherever_it_ends_the_same_command_goes_on(tmp_path: Path, dying: pytest.MonkeyPatch, where: str) -> None:
    file = deals(tmp_path / "deals.csv", {f"d{n}": n for n in range(300)})
    with dying.context() as patch:
        patch.setattr(where, crash)
        with pytest.raises(Crashed):
            bring(file)
    report = bring(file)
    assert sums(report) == (300, 0, 0, 0)
    assert account() == (300, 300, 0, 0)
    assert Import.objects.count() == 1
    assert len(worth()) == 300


def slices_of(rows: int) -> Callable[..., Pace]:
    """Slices of so many rows, however long they take."""
    return lambda **more: Pace(size=rows, smallest=rows, largest=rows)


def stop_after(patch: pytest.MonkeyPatch, slices: int) -> None:
    """Let the import end after so many slices."""
    write, left = storing.Storing._write, [slices]

    def some(self: storing.Storing, *given: Any) -> None:
        if not left[0]:
            raise Crashed
        left[0] -= 1
        write(self, *given)

    patch.setattr(storing.Storing, "_write", some)


def test_a_report_counts_the_rows_of_all_runs_however_often_a_key_comes(
    tmp_path: Path, dying: pytest.MonkeyPatch
) -> None:
    dying.setattr(storing, "Pace", slices_of(50))
    rows = [*((f"d{n}", n) for n in range(400)), *((f"d{n}", n + 1) for n in range(0, 400, 2))]
    file = deals(tmp_path / "deals.csv", rows, day=1)
    bring(file)
    with dying.context() as patch:
        stop_after(patch, 1)
        with pytest.raises(Crashed):
            bring(file)
    assert 0 < Import.objects.order_by("-id")[0].rows_done < 600
    report = bring(file)
    assert sums(report) == (0, 600, 0, 0)
    assert account()[0] == 1200


def test_a_mapping_edited_in_between_makes_a_new_import_and_leaves_the_half_one_to_be_taken_back(
    tmp_path: Path, dying: pytest.MonkeyPatch
) -> None:
    from twostroke.connectors.files.actions import mapping_file

    file = deals(tmp_path / "deals.csv", {f"d{n}": n for n in range(400)})
    with dying.context() as patch:
        stop_after(patch, 1)
        with pytest.raises(Crashed):
            bring(file)
    [half] = twostroke("imports", "--json").json
    there = mapping_file("crm")
    there.write_text(there.read_text().replace("{role: amount", "{role: ''"), "utf-8")
    report = bring(file)
    assert report["import"] != half["import"]
    assert sums(report) == (400 - half["rows"], 0, half["rows"], 0)
    listed = {one["import"]: one["state"] for one in twostroke("imports", "--json").json}
    assert listed == {half["import"]: "stopped", report["import"]: "done"}
    assert twostroke("undo", half["import"]).code == 0
    assert len(worth()) == 400


def test_an_import_taken_over_by_another_process_writes_nothing_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever believes wrongly that it still runs the import learns it from the rows, in the same transaction."""
    file = deals(tmp_path / "deals.csv", {f"d{n}": n for n in range(400)})
    write = storing.Storing._write
    again: list[dict[str, Any]] = []

    def overtaken(self: storing.Storing, *given: Any) -> None:
        if not again:
            monkeypatch.setattr(storing.Storing, "_write", write)
            again.append(bring(file))
        write(self, *given)

    monkeypatch.setattr(storing.Storing, "_write", overtaken)
    said = twostroke("import", file, "--as", "crm")
    assert (said.code, "another process went on with it" in said.err) == (1, True)
    assert account() == (400, 400, 0, 0)
    assert Import.objects.get().state == "done"


def test_an_import_undone_while_it_runs_stops_and_nothing_of_it_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = deals(tmp_path / "deals.csv", {f"d{n}": n for n in range(400)})
    write, done = storing.Storing._write, [0]

    def undone(self: storing.Storing, *given: Any) -> None:
        done[0] += 1
        if done[0] == 2:
            assert twostroke("undo", self.import_id).code == 0
        write(self, *given)

    monkeypatch.setattr(storing.Storing, "_write", undone)
    assert twostroke("import", file, "--as", "crm").code == 1
    assert worth() == {}
    assert Import.objects.get().state == "undone"


def test_an_undo_that_was_stopped_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("one", "two", "three"):
        deals(tmp_path / "in" / f"{name}.csv", {name: 1})
    report = bring(tmp_path / "in")
    really, left = actions.append, [1]

    def once(messages: Any) -> Any:
        if not left[0]:
            raise Crashed
        left[0] -= 1
        return really(messages)

    with monkeypatch.context() as patch:
        patch.setattr(actions, "append", once)
        with pytest.raises(Crashed):
            actions.undo(import_id=report["import"])
    assert twostroke("undo", report["import"]).code == 0
    assert worth() == {}


def test_an_import_of_another_machine_is_believed_until_it_falls_silent(tmp_path: Path) -> None:
    file = deals(tmp_path / "deals.csv", {"a": 1})
    first = bring(file)
    now = int(time.time() * 1000)
    Import.objects.filter(id=first["import"]).update(state="running", host="elsewhere", process=1, touched_at=now)
    assert twostroke("import", file, "--as", "crm").code == 1
    Import.objects.filter(id=first["import"]).update(touched_at=now - 31_000)
    assert bring(file)["import"] == first["import"]


def test_the_database_refuses_two_runs_of_the_same_files(tmp_path: Path) -> None:
    bring(deals(tmp_path / "deals.csv", {"a": 1}))
    row = Import.objects.get()
    Import.objects.update(state="running", host="elsewhere", process=1, touched_at=int(time.time() * 1000))
    with pytest.raises(ImportBusyError):
        actions.register(source=row.source, fingerprint=row.fingerprint, news=False)


def test_the_statements_of_a_slice_do_not_grow_with_its_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[tuple[int, int]] = []
    write = storing.Storing._write

    def counting(self: storing.Storing, *given: Any) -> None:
        said: list[str] = []

        def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            said.append(sql)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(note):
            write(self, *given)
        counted.append((given[-1], len(said)))

    monkeypatch.setattr(storing.Storing, "_write", counting)
    file = deals(tmp_path / "deals.csv", {f"d{n}": n for n in range(2500)})
    bring(file)
    bring(file)
    assert sum(rows for rows, _ in counted) == 5000
    assert max(rows for rows, _ in counted) <= 2000
    assert max(statements for _, statements in counted) <= 25


def test_lines_of_confirmations_hold_no_more_than_a_thousand_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from twostroke.ledger.queries import every_line

    file = deals(tmp_path / "deals.csv", {f"d{n}": n for n in range(2500)})
    bring(file)
    monkeypatch.setattr(storing, "Pace", slices_of(2000))
    bring(file)
    sizes = [len(json.loads(line.properties)["rows"]) for line in every_line() if line.kind == "import.confirmed"]
    assert sum(sizes) == 2500
    assert max(sizes) <= 1000
