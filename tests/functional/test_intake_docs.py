"""The pages on the intake say what the program does: commands run, codes, limits and addresses are all there are."""

from __future__ import annotations

import re
import shlex

import pytest

from tests.architecture.trees import ROOT, python_files, text_of
from tests.functional.import_steps import twostroke
from twostroke.connectors.segment import facts as segment
from twostroke.intake import reception
from twostroke.receiving import app, bodies, requests, wire, writer

REFERENCE = text_of(ROOT / "docs" / "reference" / "intake.md")
HOW_TO = text_of(ROOT / "docs" / "how-to" / "run-the-intake.md")
TUTORIAL = text_of(ROOT / "docs" / "tutorials" / "your-website.md")


def test_every_code_that_is_answered_stands_in_the_reference() -> None:
    source = "".join(text_of(path) for path in python_files("src/twostroke/receiving"))
    answered = set(re.findall(r"(?:refused|later|RequestError|Busy)\(\s*\d{3},\s*\"([a-z_]+)\"", source))
    of_events = {reception.NOT_JSON, reception.TOO_LONG, reception.TOO_DEEP, reception.NOT_STORABLE, "conflict"}
    of_events |= {segment.NOT_A_MESSAGE, segment.NO_TYPE, segment.NOBODY, segment.NO_DATE, segment.NO_AMOUNT}
    of_events |= {segment.NO_ID, segment.UNDER_A_PUBLIC_KEY}
    assert len(answered) > 8
    assert {code for code in answered | of_events if f"`{code}`" not in REFERENCE} == set()


def test_the_limits_of_the_reference_are_those_of_the_program() -> None:
    told = (
        f"{requests.LARGEST // 1000} kB", f"{requests.MOST_EVENTS:,}", f"{reception.LONGEST_EVENT // 1024} kB",
        f"{reception.DEEPEST} levels", f"{app.RATE:,.0f} events a second, {app.BURST:,.0f} at once",
        f"{app.BROKEN_RATE:.0f} a second, {app.BROKEN_BURST:,.0f} at once", f"{writer.MOST_WAITING:,}, half",
        f"one source; {writer.MOST_WAITING_BYTES // 1_000_000} MB", f"{wire.LONGEST_HEAD // 1024} kB | 431",
        f"{bodies.MOST_COMING_BYTES // 1_000_000} MB of all together", f"first {requests.KEPT // 1024} kB",
    )  # fmt: skip
    assert [limit for limit in told if limit not in REFERENCE] == []


def test_every_address_stands_in_the_reference() -> None:
    named = {"/v1/batch", "/v1/import", "/v1/b", "/batch", "/beacon/v1/batch"}
    letters = {path for path in app.DOORS if len(path) == len("/v1/t")} - named
    types = {f"/v1/{name}" for name in ("track", "identify", "page", "screen", "group", "alias")}
    assert set(app.DOORS) == named | letters | types
    assert all(path.removeprefix("/v1") in REFERENCE for path in named | types)


@pytest.mark.django_db
def test_the_commands_of_the_tutorial_run() -> None:
    for block in re.findall(r"```sh\n(.*?)```", TUTORIAL, re.DOTALL):
        for line in block.splitlines():
            said = twostroke(*shlex.split(line)[1:])
            assert said.code == 0 or "find" in line, (line, said.err)


@pytest.mark.django_db
def test_the_commands_of_the_guide_run() -> None:
    """Those that begin and end by themselves; what the others take is read by the program's own parser."""
    assert (
        twostroke("keys", "create", "--scope", "intake-public", "--name", "web", "--origin", "https://a.example").code
        == 0
    )
    named = re.findall(r"`twostroke ([^`]+)`", HOW_TO)
    assert {words.split()[0] for words in named} == {"up", "verify", "keys", "quarantine", "erase", "parked", "metric"}
    for words in named:
        more = ["--help"] if words in ("up", "erase", "quarantine discard") else []
        said = twostroke(*shlex.split(words.replace("NAME", "web")), *more)
        assert said.code == 0, (words, said.err)


def test_the_guide_says_how_long_what_is_kept_and_what_a_public_key_can_do() -> None:
    headings = re.findall(r"^## (.*)", HOW_TO, re.MULTILINE)
    assert {"systemd", "A proxy with TLS", "Public keys: what they can and cannot do"} <= set(headings)
    kept = HOW_TO.partition("## How long things are kept")[2]
    assert all(word in kept for word in ("never gave a name", "Quarantined bytes", "counts by a keyed hash"))
