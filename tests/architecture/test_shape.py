"""Sizes, names and habits of the code: what a reader may rely on before opening a file."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator

import pytest

from tests.architecture.trees import ROOT, SRC, committed_files, none, python_files, shown, text_of, tree

ALL = ("src", "tests", "tools", "benchmarks")
NAMES_THAT_SAY_NOTHING = frozenset({"utils", "core", "common", "base", "manager"})
_SIGNALS = re.compile(r"django\..*\bsignals\b|django\.dispatch\b")
NATURES = frozenset({"truth", "projection", "private"})


def _length(node: ast.AST) -> int:
    assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    return (node.end_lineno or node.lineno) - node.lineno + 1


def _functions() -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for path in python_files(*ALL):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{shown(path)}:{node.lineno} {node.name}", node


def test_the_kit_stays_under_a_thousand_lines() -> None:
    assert sum(len(text_of(path).splitlines()) for path in python_files("src/twostroke/kit")) <= 1000


def test_no_file_is_longer_than_seven_hundred_lines() -> None:
    long = {shown(path): len(text_of(path).splitlines()) for path in python_files(*ALL)}
    assert {name: lines for name, lines in long.items() if lines > 700} == {}


def test_no_function_is_longer_than_a_hundred_and_twenty_lines() -> None:
    none([name for name, node in _functions() if _length(node) > 120])


def test_no_function_has_more_than_ten_branches_and_none_is_excused() -> None:
    """The linter counts; here we see that it was told to and that nobody switched it off."""
    ruff = tomllib.loads(text_of(ROOT / "pyproject.toml"))["tool"]["ruff"]["lint"]
    assert ruff["mccabe"]["max-complexity"] == 10
    assert "C90" in ruff["select"]
    excused = re.compile(r"noqa.*\b(?:C901|PLR0912|PLR0915)\b")
    none([shown(p) for p in python_files(*ALL) if p != _here() and excused.search(text_of(p))])


def _here() -> object:
    return ROOT / "tests" / "architecture" / "test_shape.py"


def test_no_module_or_folder_has_a_name_that_says_nothing() -> None:
    named = {part for path in python_files(*ALL) for part in path.relative_to(ROOT).with_suffix("").parts}
    assert named & NAMES_THAT_SAY_NOTHING == set()


def test_every_package_of_the_house_says_what_it_knows() -> None:
    silent = []
    for path in (SRC / "twostroke").glob("*/__init__.py"):
        module = tree(path)
        code = [
            node for node in module.body if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        ]
        if not ast.get_docstring(module) or code:
            silent.append(shown(path))
    none(silent)


def test_nobody_sends_or_hears_django_signals() -> None:
    heard = []
    for path in python_files("src"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Import | ast.ImportFrom):
                origin = node.module if isinstance(node, ast.ImportFrom) else ""
                names = [f"{origin}.{alias.name}".strip(".") for alias in node.names]
                heard += [f"{shown(path)}: {name}" for name in names if _SIGNALS.match(name)]
    none(heard)


def test_no_model_has_logic_in_save_or_delete() -> None:
    logic = []
    for path in python_files("src"):
        if path.name != "models.py" and path.parent.name != "models":
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef) and node.name in {"save", "delete", "full_clean"}:
                logic.append(f"{shown(path)}:{node.lineno}")
    none(logic)


def test_every_model_declares_truth_projection_or_private() -> None:
    from django.apps import apps

    ours = [model for model in apps.get_models(include_auto_created=True) if model.__module__.startswith("twostroke.")]
    assert ours
    none([model.__name__ for model in ours if model.__dict__.get("nature") not in NATURES])


@pytest.mark.django_db
def test_the_migrations_say_what_the_models_say() -> None:
    from io import StringIO

    from django.core.management import call_command

    told = StringIO()
    try:
        call_command("makemigrations", "--check", "--dry-run", stdout=told, verbosity=1)
    except SystemExit:
        pytest.fail(f"a migration is missing (write it with: django-admin makemigrations):\n{told.getvalue()}")


def test_nothing_is_left_to_do_later() -> None:
    later = re.compile(r"\b(?:" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X")) + r")\b")
    none([shown(path) for path in committed_files() if later.search(text_of(path))])


def test_nothing_committed_names_a_machine_it_was_written_on() -> None:
    """Paths of one machine and hosts of package registries would be true nowhere else."""
    named = re.compile(r"/(?:work|root|tmp/boot)/|" + r"pypi\.(?:org|python)|registry\.npm" + r"js|files\.pythonhosted")
    none([shown(p) for p in committed_files() if p != _here() and named.search(text_of(p))])
