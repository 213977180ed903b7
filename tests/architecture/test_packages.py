"""What is imported is declared: an environment made by hand hides a package that a fresh one lacks."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions

from tests.architecture.trees import ROOT, none, python_files, shown, text_of, tree

OURS = {"twostroke", "worlds"}


def _declared() -> set[str]:
    project = tomllib.loads(text_of(ROOT / "pyproject.toml"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["postgres"]]
    return {_plain(re.split(r"[\[<>=~! ]", one, maxsplit=1)[0]) for one in wanted}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _imported(tree: ast.Module) -> set[str]:
    """The first names of all absolute imports, also of those within functions."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            found.add(node.module.partition(".")[0])
    return found


def test_every_package_the_program_imports_is_declared() -> None:
    declared, makers = _declared(), packages_distributions()
    missing = []
    for path in python_files("src"):
        for name in _imported(tree(path)) - OURS - sys.stdlib_module_names:
            makers_of = {_plain(maker) for maker in makers.get(name, [name])}
            if not makers_of & declared:
                missing.append(f"{shown(path)} imports {name}: declare one of {', '.join(sorted(makers_of))}")
    none(missing)
