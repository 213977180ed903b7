"""The frame of the command line: help, versions, verbs, exit codes."""

from __future__ import annotations

import argparse
import subprocess
import sys

import pytest

import twostroke
from tests.functional.import_steps import twostroke as run
from twostroke.cli import accounts, noting
from twostroke.cli.main import GROUPS, help_screen, main, parser_of, verbs
from twostroke.cli.output import Failure

HELP = ([], ["-h"], ["--help"], ["help"])
VERSION = (["-V"], ["--version"], ["version"])


@pytest.mark.parametrize("words", HELP, ids=str)
def test_help_is_given_however_it_is_asked_for(words: list[str]) -> None:
    said = run(*words)
    assert (said.code, said.out.strip(), said.err) == (0, help_screen(), "")


@pytest.mark.parametrize("words", VERSION, ids=str)
def test_the_version_is_that_of_the_package(words: list[str]) -> None:
    said = run(*words)
    assert (said.code, said.out) == (0, f"twostroke {twostroke.__version__}\n")


def test_every_verb_stands_once_on_the_help_screen_with_what_it_does() -> None:
    named = [verb.name for group in GROUPS.values() for verb in group]
    assert len(named) == len(set(named))
    for verb in verbs().values():
        assert f"  {verb.name:<13} {verb.summary}" in help_screen()


@pytest.mark.parametrize("name", sorted(verbs()))
def test_each_verb_explains_itself_and_every_option(name: str) -> None:
    said = run(name, "--help")
    assert said.code == 0
    assert f"usage: twostroke {name}" in said.out
    parser, module = parser_of(verbs()[name])
    assert module.__doc__
    assert module.__doc__.strip().splitlines()[0] in said.out
    undescribed = [
        action.dest
        for action in parser._actions
        if not action.help and action.dest not in ("act", "email", "words", "kind", "role")
    ]
    assert undescribed == []


def test_the_help_of_a_verb_loads_no_django() -> None:
    """Where there is no home yet, everybody can still read what there is."""
    names = ", ".join(map(repr, verbs()))
    code = (
        "import sys; from twostroke.cli.main import main\n"
        f"for name in ({names}):\n    assert main([name, '--help']) == 0\n"
        "assert not [name for name in sys.modules if name.partition('.')[0] == 'django']"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_verb_that_is_none_is_answered_with_the_nearest() -> None:
    said = run("imprt", "x.csv")
    assert said.code == 2
    assert said.err == "twostroke: there is no verb 'imprt'. Did you mean 'import'? See: twostroke --help\n"
    assert run("zzzzzzzz").err == "twostroke: there is no verb 'zzzzzzzz'. See: twostroke --help\n"


@pytest.mark.parametrize(
    "words", [["timeline"], ["timeline", "anna", "--limit", "many"], ["metric", "--json", "--csv"]]
)
def test_what_is_not_understood_ends_with_2_and_the_usage(words: list[str]) -> None:
    said = run(*words)
    assert said.code == 2
    assert f"usage: twostroke {words[0]}" in said.err
    assert said.out == ""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("raised", "code", "said"),
    [
        (Failure("it did not work."), 1, "twostroke accounts: it did not work.\n"),
        (Failure("it is not understood.", 2), 2, "twostroke accounts: it is not understood.\n"),
        (Failure("a person must answer.", 3), 3, "twostroke accounts: a person must answer.\n"),
        (KeyboardInterrupt(), 130, "\nStopped. What is done stays done; the same command goes on from here.\n"),
    ],
)
def test_every_end_has_its_code_and_its_words(
    raised: BaseException, code: int, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(options: argparse.Namespace) -> int:
        raise raised

    monkeypatch.setattr(accounts, "run", fails)
    told = run("accounts")
    assert (told.code, told.out, told.err) == (code, "", said)


@pytest.mark.django_db
def test_whoever_reads_us_may_go_away_in_the_middle(monkeypatch: pytest.MonkeyPatch) -> None:
    def goes_away(options: argparse.Namespace) -> int:
        raise BrokenPipeError

    monkeypatch.setattr(accounts, "run", goes_away)
    monkeypatch.setattr(sys, "stdout", sys.stdout)  # put back afterwards
    assert main(["accounts"]) == 0


def test_the_home_may_be_named_before_or_after_the_verb(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    nowhere = tmp_path_factory.mktemp("nowhere") / "home"
    sentence = f"there is no Twostroke home at {nowhere}. Make one with: twostroke init --home {nowhere}\n"
    for words in (
        ("--home", nowhere, "accounts"),
        (f"--home={nowhere}", "accounts"),
        ("accounts", "--home", nowhere),
        ("accounts", f"--home={nowhere}"),
    ):
        monkeypatch.setenv("TWOSTROKE_HOME", str(nowhere.parent))
        said = run(*words)
        assert (said.code, said.err) == (1, f"twostroke accounts: {sentence}"), words
    assert not nowhere.exists()


def test_a_home_without_a_verb_shows_what_verbs_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    for words in (("--home", "/nowhere"), ("--home=/nowhere",), ("--home",)):
        said = run(*words)
        assert (said.code, said.out.strip(), said.err) == (0, help_screen(), ""), words


def test_every_verb_that_shows_or_changes_persons_stands_in_the_audit() -> None:
    noted = noting.ACTS.keys() | noting.ONLY_WITH.keys()
    assert noted <= verbs().keys()
    assert {"timeline", "find", "export", "export-person", "import", "undo", "merge", "split", "erase"} <= noted


@pytest.mark.parametrize(
    ("verb", "options", "act"),
    [
        ("timeline", {}, "looked up"),
        ("imports", {"rejected": False}, None),
        ("imports", {"rejected": True}, "exported"),
        ("metric", {"people": False}, None),
        ("metric", {"people": True}, "looked up"),
        ("users", {"act": "list"}, None),
        ("users", {"act": "add"}, "changed"),
        ("import", {"dry_run": True}, None),
        ("import", {"dry_run": False}, "imported"),
        ("erase", {"dry_run": True}, None),
        ("erase", {"dry_run": False}, "erased"),
        ("accounts", {}, None),
        ("verify", {}, None),
    ],
)
def test_a_verb_is_noted_as_what_it_did(verb: str, options: dict[str, object], act: str | None) -> None:
    assert noting._act(verb, argparse.Namespace(**options)) == act


def test_somebody_without_an_account_name_is_still_somebody(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise KeyError("uid not found")

    monkeypatch.setattr("getpass.getuser", nobody)
    assert noting._operator() == "somebody"
    monkeypatch.setattr("getpass.getuser", lambda: "x" * 300)
    assert len(noting._operator()) == 80
