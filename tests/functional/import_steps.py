"""Steps of the tests that bring files in: the real command line, in this process, on files in a temporary folder."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from twostroke.cli.main import main

HEADER = ("Deal ID", "Deal Name", "Deal Stage", "Amount", "Currency", "Create Date")
DAY = 86_400


@dataclass(frozen=True, slots=True)
class Said:
    """What a verb answered."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def twostroke(*words: object) -> Said:
    """Run one verb as people type it."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main([str(word) for word in words])
    return Said(code, out.getvalue(), err.getvalue())


def deals(path: Path, rows: Mapping[str, object] | Sequence[tuple[str, object]], *, day: int | None = None) -> Path:
    """A file of deals: what each is worth, by its id. ``day``: the file's own date, in days since 2026-01-01."""
    pairs = rows.items() if isinstance(rows, Mapping) else rows
    return table(path, HEADER, [(key, f"Deal {key}", "Proposal", worth, "EUR", "2026-01-05") for key, worth in pairs],
                 day=day)  # fmt: skip


def table(path: Path, header: Sequence[str], rows: Sequence[Sequence[object]], *, day: int | None = None) -> Path:
    """A CSV file, with a date of its own where one is given."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    if day is not None:
        at = 1_767_225_600 + day * DAY
        os.utime(path, (at, at))
    return path


def bring(*words: object, source: str = "crm") -> dict[str, Any]:
    """Import as ``source``; the report as programs get it. Every file's sum adds up, whatever it is."""
    said = twostroke("import", *words, "--as", source, "--json")
    assert said.code == 0, said.err
    report: dict[str, Any] = said.json
    for file in report["files"]:
        assert file["rows"] == file["new"] + file["same"] + file["changed"] + file["rejected"]
    return report


def sums(report: Mapping[str, Any], number: int = 0) -> tuple[int, int, int, int]:
    """New, same, changed and rejected rows of one file of a report."""
    file = report["files"][number]
    return file["new"], file["same"], file["changed"], file["rejected"]


def odd(report: Mapping[str, Any], words: str, number: int = 0) -> int | None:
    """How many rows an oddity with these words names; None where nothing of the kind was found."""
    found = [one["rows"] for one in report["files"][number]["oddities"] if words in one["what"]]
    return found[0] if found else None


def worth() -> dict[str, str]:
    """What each deal is worth now, as the metric of the pipeline's people would see it: by the deal's name."""
    from twostroke.deals.models import Deal

    return {
        str(row["name"]).removeprefix("Deal "): f"{(row['amount_minor'] or 0) / 100:g}"
        for row in Deal.objects.values("name", "amount_minor")
    }


def account(source: str = "crm") -> tuple[int, int, int, int]:
    """Received, stored, duplicate and quarantined messages of a source."""
    for row in twostroke("accounts", "--json").json:
        if row["source"] == source:
            return row["received"], row["stored"], row["duplicate"], row["quarantined"]
    return 0, 0, 0, 0


def state() -> dict[str, Any]:
    """The hash of every room's tables, and the pipeline as programs get it."""
    from twostroke.ledger import state as ledger_state

    pipeline = twostroke("metric", "pipeline", "--json")
    assert pipeline.code == 0, pipeline.err
    told = pipeline.json
    return {"rooms": ledger_state.state_hash(), "rows": told["rows"]}


@contextmanager
def no_terminal(monkeypatch: Any) -> Iterator[None]:
    """Nobody to ask."""
    with monkeypatch.context() as patch:
        patch.setattr("sys.stdin", io.StringIO(""))
        yield
