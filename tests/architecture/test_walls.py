"""Imports go down, land on doors, and keep Django out of what is pure."""

from __future__ import annotations

import subprocess
import sys

import grimp
import pytest

from tests.architecture.trees import ROOT, SRC, none

DOORS = frozenset({"facts", "actions", "queries"})

# Further doors, each with its reason. A room not named here has the three of every room.
EXTRA_DOORS: dict[str, dict[str, str]] = {
    "ledger": {
        "catalogue": "the engine every room's kinds are checked by",
        "append": "the only writer, called inside the transaction of intake and of each room's actions",
        "projecting": "the machine that folds lines into a room's tables",
        "parking": "what waits for a person, for the page and the verb that show it and the home that says so",
        "tail": "where the site hangs the rooms' reactions",
        "lake": "the copy that metrics query",
        "state": "the state hash and its differences, for the command line",
        "rebuilding": "fold all again, in place or beside the log, for the command line",
        "verify": "what the command line and the administrator's page ask, and when it was last asked",
        "standing": "what each server tells those who ask whether it is well",
        "fitting": "whether this program and these tables fit, asked at every start",
        "exporting": "the whole record as plain files, for the command line",
        "restoring": "an export brought into an empty installation, for the command line",
        "databases": "how each database takes many rows at once: every projection writes with it",
    },
    "identity": {
        "page": "the page a person is given of all that is known of them: pure, for the terminal and the web",
        "past": "who was who at an earlier line, for metrics: it reads the lake, which no other question does",
        "suggesting": "who may be one, for the terminal and the page that ask a person",
        "timelines": "queries by noun: what happened to one person, company or deal, for the pages and the terminal",
    },
    "connectors.files": {
        "watching": "a folder whose files come in by themselves, for the command line",
    },
    "connectors.segment": {
        "translate": "the one translation of Segment's messages, asked by the file import and by the intake server",
    },
    "team": {
        "rules": "who may do what: one pure table, read by every face",
        "models": "the user itself, because Django's sign-in and sessions hand it over",
    },
}
# Not rooms with doors but floors of tools: everything in them is there to be used by those above.
TOOLS = frozenset({"kit", "query"})
# The wiring joins the rooms; ``python -m twostroke`` is the command line by another name.
MAY_ENTER = frozenset({"site", "__main__"})
# Only the wiring may know what listens and what folds.
INNER = frozenset({"reactions", "projection"})


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("twostroke", cache_dir=None)


def _room(module: str) -> tuple[str, list[str]]:
    """The room of a module and its path within: connectors has one room per kind."""
    parts = module.split(".")[1:]
    depth = 2 if parts[:1] == ["connectors"] else 1
    return ".".join(parts[:depth]), parts[depth:]


def test_the_contracts_of_the_house_hold() -> None:
    linted = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-cache"],
        cwd=ROOT, env={"PYTHONPATH": str(SRC), "PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert linted.returncode == 0, linted.stdout[-4000:] + linted.stderr[-2000:]
    assert "0 broken" in linted.stdout


def test_an_import_that_crosses_rooms_lands_on_a_door(graph: grimp.ImportGraph) -> None:
    past_the_door = []
    for module in sorted(graph.modules):
        here, _ = _room(module)
        for imported in sorted(graph.find_modules_directly_imported_by(module)):
            there, within = _room(imported)
            if there in {here, ""} or there in TOOLS or here in MAY_ENTER:
                continue
            if not within or within[0] not in DOORS | set(EXTRA_DOORS.get(there, {})):
                past_the_door.append(f"{module} imports {imported}")
    none(past_the_door)


def test_only_the_wiring_imports_reactions_and_projections(graph: grimp.ImportGraph) -> None:
    reached = []
    for module in sorted(graph.modules):
        here, _ = _room(module)
        for imported in graph.find_modules_directly_imported_by(module):
            there, within = _room(imported)
            if within[:1] and within[0] in INNER and there != here and module != "twostroke.site.wiring":
                reached.append(f"{module} imports {imported}")
    none(reached)


def test_each_extra_door_exists(graph: grimp.ImportGraph) -> None:
    rooms = {room for room, _ in map(_room, graph.modules)}
    assert set(EXTRA_DOORS) <= rooms
