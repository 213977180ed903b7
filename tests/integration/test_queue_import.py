"""An import asked for in the browser, done by a worker: a look first, then for real."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.children import child, until
from twostroke.intake import actions
from twostroke.intake.queries import one_import
from twostroke.ledger.projecting import behind
from twostroke.ledger.queries import head_seq

pytestmark = pytest.mark.usefixtures("fresh_database")


def state(import_id: str) -> str:
    found = one_import(import_id)
    assert found is not None
    return found.state if found.state != "done" else f"done, {'dry' if found.dry_run else 'for real'}"


def test_a_worker_looks_first_and_brings_in_when_told_to(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("Contact ID,First Name,Email\n1,Sam,sam@example.org\n2,Mia,mia@example.org\n", "utf-8")
    output = tmp_path / "output"
    options = {"paths": [str(file)], "files": [file.name], "dated": {}}
    asked = actions.request(source="people", options=options, by="ada@example.org")
    before = head_seq()
    with child("-m", "twostroke.worker", output=output):
        until(lambda: state(asked) == "done, dry", output=output)
        assert head_seq() == before
        actions.go_on(import_id=asked, for_real=True)
        until(lambda: state(asked) == "done, for real", output=output)
        until(lambda: behind().lines == behind().units == 0, output=output)
    assert head_seq() > before
    assert "example.org" not in output.read_text()
