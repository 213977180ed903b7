"""The register of imports: who is alive, what is redacted, and what people see of an import."""

from __future__ import annotations

import os
import socket
import subprocess
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twostroke.intake.alive import LEASE_MS, is_alive
from twostroke.intake.facts import FileReport, ImportReport, Oddity
from twostroke.intake.models import Import, ImportFile
from twostroke.intake.personal import ERASED, _redacted, stores
from twostroke.intake.queries import imports, one_import, report_json
from twostroke.kit.personal import InUseError, Sought
from twostroke.kit.time import set_clock

NOW = 1_783_944_000_000
ANNA = Sought(key="k", ids=frozenset({"a" * 32}), words=("anna@firm.example", "Anna Berg"))


@pytest.fixture(autouse=True)
def _at_noon() -> None:
    set_clock(lambda: NOW * 1000)


def row(**more: Any) -> Import:
    said = {"id": "i1", "source": "crm", "fingerprint": "f", "created_at": NOW, "touched_at": NOW} | more
    return Import(**said)


def gone() -> int:
    """The number of a process that is there no longer."""
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    return child


@pytest.mark.parametrize(
    ("more", "alive"),
    [
        ({}, False),
        ({"process": os.getpid(), "host": socket.gethostname()}, False),
        ({"process": 1, "host": socket.gethostname()}, True),
        ({"process": 1, "host": socket.gethostname(), "touched_at": NOW - LEASE_MS - 1}, False),
        ({"process": 2**40, "host": socket.gethostname()}, False),
        ({"process": 5, "host": "elsewhere"}, True),
        ({"process": 5, "host": "elsewhere", "touched_at": NOW - LEASE_MS - 1}, False),
        ({"process": 0, "host": "elsewhere"}, False),
    ],
)
def test_an_import_is_alive_while_its_process_is_there_or_was_heard_of(more: dict[str, Any], alive: bool) -> None:
    assert is_alive(row(**more)) == alive


def test_a_process_that_ended_is_not_alive() -> None:
    assert not is_alive(row(process=gone(), host=socket.gethostname()))


def test_a_killed_process_that_nobody_has_looked_after_is_not_alive() -> None:
    child = subprocess.Popen(["sleep", "600"])
    assert is_alive(row(process=child.pid, host=socket.gethostname()))
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)  # ended, and still listed
    assert not is_alive(row(process=child.pid, host=socket.gethostname()))
    child.wait()


VALUES = st.recursive(
    st.none() | st.integers() | st.sampled_from(["Bo", "to anna@firm.example", "Anna Berg", "joanna@firm.example"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["example", "Anna Berg", "file"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(VALUES)
def test_what_names_the_person_goes_and_all_else_stays_as_it_is(value: Any) -> None:
    bare = _redacted(value, ANNA)
    assert "anna@firm.example" not in msgspec.json.encode(bare).decode().replace("joanna@firm.example", "")
    assert "Anna Berg" not in msgspec.json.encode(bare).decode()
    assert _redacted(bare, ANNA) == bare

    def same(one: Any, other: Any) -> bool:
        if isinstance(one, str):
            return other in (one, ERASED)
        if isinstance(one, list):
            return len(one) == len(other) and all(map(same, one, other))
        return type(one) is type(other)

    assert same(value, bare)


@pytest.mark.django_db
def test_reports_names_of_files_and_headers_lose_the_person_and_keep_their_counts() -> None:
    report = ImportReport("i1", "crm", [FileReport("Anna Berg.csv", "contacts", 3, 3)])
    report.files[0].oddities.append(Oddity("odd", 2, "anna@firm.example", "look"))
    of = row(state="done", report=msgspec.json.encode(report).decode(), error="failed at anna@firm.example")
    of.save()
    ImportFile(batch="b1", of=of, number=1, name="Anna Berg.csv", header='["Email","Anna Berg"]').save()
    [store] = stores()
    assert len(list(store.show(ANNA))) == 5
    assert store.erase(ANNA) == 4
    assert store.erase(ANNA) == 0
    assert list(store.show(ANNA)) == []
    state = one_import("i1")
    assert state is not None
    assert state.report is not None
    [file] = state.report.files
    assert (file.file, file.rows, file.oddities[0].rows, file.oddities[0].example) == (ERASED, 3, 2, ERASED)
    assert state.error == ERASED


@pytest.mark.django_db
def test_nothing_is_erased_while_an_import_runs() -> None:
    row(state="running", process=1, host=socket.gethostname()).save()
    [store] = stores()
    with pytest.raises(InUseError, match=r"Import i1 is running and may be bringing this person in\."):
        store.erase(ANNA)


@pytest.mark.django_db
def test_imports_are_listed_newest_first_without_looks_and_at_most_as_many_as_asked_for() -> None:
    for n in range(4):
        row(id=f"i{n}", created_at=NOW + n, dry_run=n == 2).save()
    assert [one.id for one in imports()] == ["i3", "i1", "i0"]
    assert [one.id for one in imports(limit=1)] == ["i3"]
    assert one_import("i2") is not None
    assert one_import("nobody") is None


@pytest.mark.django_db
def test_an_import_that_waits_for_an_answer_has_questions_and_no_report() -> None:
    asked = {"questions": [{"key": "k", "file": "f", "text": "Which?", "choices": ["a", "b"]}]}
    row(state="asking", report=msgspec.json.encode(asked).decode(), options='{"files":["x.csv"]}').save()
    state = one_import("i1")
    assert state is not None
    assert (state.report, state.files) == (None, ("x.csv",))
    assert [(one.text, tuple(one.choices), one.example) for one in state.questions] == [("Which?", ("a", "b"), "")]


@pytest.mark.django_db
def test_an_import_whose_process_is_gone_is_silent() -> None:
    row(state="running", process=gone(), host=socket.gethostname()).save()
    state = one_import("i1")
    assert state is not None
    assert state.silent


@given(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9), st.integers(0, 9), st.integers(0, 40))
def test_a_file_adds_up_or_does_not(new: int, same: int, changed: int, rejected: int, rows: int) -> None:
    file = FileReport("x", "y", rows, new, same, changed, rejected)
    assert file.adds_up() == (rows == new + same + changed + rejected)
    told = report_json(ImportReport("i", "crm", [file]))["files"][0]
    assert told["rows"] == rows
    assert sum(told[name] for name in ("new", "same", "changed", "rejected")) == new + same + changed + rejected
