"""Pages that could lie are checked: links, commands, and what is generated."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.architecture.trees import ROOT, none, shown, text_of
from tools import references
from twostroke.cli.main import parser_of, verbs

PAGES = sorted(p for p in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")] if "proof" not in p.parent.name)
SOURCES = ROOT / "src" / "twostroke"
WANTED = ("README", "ARCHITECTURE", "CONTRIBUTING", "TESTING", "SECURITY", "CHANGELOG", "docs/reference/glossary")
_FENCE = re.compile(r"^```(?:sh|console)\n(.*?)^```", re.DOTALL | re.MULTILINE)
_INLINE = re.compile(r"`((?:\.venv/bin/)?(?:twostroke|make) [^`]+)`")
_NAMED = re.compile(r"\btwostroke ([a-z][a-z-]*) ([a-z]+)\b")  # in messages and templates
_LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")


@cache
def _targets() -> frozenset[str]:
    return frozenset(re.findall(r"^([a-z][a-z-]*):", text_of(ROOT / "Makefile"), re.MULTILINE))


def _commands(page: Path) -> Iterator[list[str]]:
    """Commands a page tells people to type, as words, from its code blocks and from its sentences."""
    text = text_of(page)
    lines = [line for block in _FENCE.findall(text) for line in block.splitlines()]
    for line in [*lines, *_INLINE.findall(text)]:
        words = shlex.split(line.removeprefix("$ "), comments=True)
        if words and Path(words[0]).name in {"make", "twostroke"}:
            yield [Path(words[0]).name, *words[1:]]


@pytest.mark.parametrize("name", WANTED)
def test_a_stranger_finds_the_page(name: str) -> None:
    assert len(text_of(ROOT / f"{name}.md")) > 400


def test_every_link_between_pages_leads_somewhere() -> None:
    broken = []
    for page in PAGES:
        for target in _LINK.findall(text_of(page)):
            if not re.match(r"https?:|mailto:", target) and not (page.parent / target).exists():
                broken.append(f"{shown(page)}: {target}")
    none(broken)


def test_every_command_a_page_names_exists() -> None:
    unknown = []
    for page in PAGES:
        for program, *words in _commands(page):
            told = f"{shown(page)}: {program} {' '.join(words)}"
            first = next((word for word in words if not word.startswith("-") and "=" not in word), None)
            if program == "make":
                unknown += [] if first in _targets() else [told]
            elif first is not None and first not in verbs() and not first.isupper():
                unknown.append(told)
            elif first in verbs():
                unknown += [f"{told}: no {option}" for option in _unknown_options(first, words)]
                unknown += [f"{told}: no {act}" for act in _unknown_acts(first, words[words.index(first) + 1 :])]
    none(unknown)


def test_every_command_the_program_itself_names_exists() -> None:
    unknown = []
    for path in (path for path in SOURCES.rglob("*") if path.suffix in {".py", ".html"}):
        for verb, word in _NAMED.findall(text_of(path)):
            if verb in verbs():
                unknown += [f"{shown(path)}: twostroke {verb} {act}" for act in _unknown_acts(verb, [word])]
    none(unknown)


def _unknown_options(verb: str, words: list[str]) -> list[str]:
    parser, _ = parser_of(verbs()[verb])
    return [word for word in words if word.startswith("--") and word.split("=")[0] not in parser._option_string_actions]


def _unknown_acts(verb: str, words: list[str]) -> list[str]:
    """The first word behind a verb that wants one of a few words there, where it is none of them."""
    positional = [action for action in parser_of(verbs()[verb])[0]._actions if not action.option_strings]
    if not positional or positional[0].choices is None:
        return []
    return [word for word in words[:1] if word.islower() and word not in positional[0].choices]


def test_a_command_that_does_not_exist_would_be_noticed() -> None:
    assert _unknown_acts("users", ["link"]) == ["link"]
    assert _unknown_acts("users", ["add"]) == _unknown_acts("timeline", ["anna"]) == []
    assert "run" in _targets()
    assert "fly" not in _targets()
    assert _unknown_options("verify", ["verify", "--json", "--sideways"]) == ["--sideways"]


def test_generated_pages_say_what_the_program_says() -> None:
    assert references.stale() == [], "write them anew with: make docs"


def test_every_decision_record_stands_in_the_list() -> None:
    records = {path.name for path in (ROOT / "docs" / "decisions").glob("0*.md")}
    assert records == set(re.findall(r"\]\((0\d{3}-[^)]+)\)", text_of(ROOT / "docs" / "decisions" / "README.md")))


def test_the_help_of_the_command_line_is_one_screen() -> None:
    from twostroke.cli.main import help_screen

    lines = help_screen().splitlines()
    assert len(lines) <= 40
    assert max(map(len, lines)) <= 100
