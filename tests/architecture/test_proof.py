"""Every promised line is shown, with its exit code; and the machinery that shows it cannot be fooled."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.architecture.trees import ROOT, none, text_of
from tools import proof
from tools.proof import FOLDER, Line, Proof, Result, Step, page, perform, plain, read, short_of

PROMISED = {
    "first-light": [f"F{number}" for number in range(1, 13)],
    "record": [f"R{number}" for number in range(1, 14)],
    "intake": [f"I{number}" for number in range(1, 12)],
    "worlds": [f"W{number}" for number in range(1, 10)],
}
SHOWN = ("first-light", "record", "intake", "worlds")  # what was called done: its page must be there
_ENTRY = re.compile(r"^exit code (\d+)( — )?", re.MULTILINE)


def _sections(text: str) -> dict[str, str]:
    found = re.split(r"^## (\S+)\n", text, flags=re.MULTILINE)
    return dict(zip(found[1::2], found[2::2], strict=True))


def _described(name: str) -> dict[str, Line]:
    return {line.id: line for line in read(FOLDER / f"{name}.toml").lines}


def _written() -> list[str]:
    """Proofs whose page was written: from then on the page is held to what was promised."""
    return [name for name in PROMISED if name in SHOWN or (FOLDER / f"{name}.md").is_file()]


@pytest.mark.parametrize("name", PROMISED)
def test_every_promised_line_says_how_it_is_shown(name: str) -> None:
    described = _described(name)
    none([f"{line}: no step in {name}.toml" for line in PROMISED[name] if not described[line].step])


def test_every_line_of_a_written_page_has_its_entries_and_every_entry_its_exit_code() -> None:
    missing = []
    for name in _written():
        sections = _sections(text_of(FOLDER / f"{name}.md"))
        for line, described in _described(name).items():
            codes = _ENTRY.findall(sections.get(line, ""))
            if len(codes) != len(described.step):
                missing.append(f"{name} {line}: {len(described.step)} steps, {len(codes)} exit codes. Run: make proof")
            elif any(wrong for _, wrong in codes):
                missing.append(f"{name} {line}: a step did not exit as it should")
    none(missing)


def test_a_written_page_shows_the_commands_that_are_described() -> None:
    missing = []
    for name in _written():
        told = text_of(FOLDER / f"{name}.md")
        missing += [step.run for line in _described(name).values() for step in line.step if step.run not in told]
    none(missing)


def _performed(tmp_path: Path, script: str, **more: object) -> Result:
    step = Step(script, **more)  # type: ignore[arg-type]
    return perform(step, {str(tmp_path): "$WORK"}, {"PATH": os.environ["PATH"], "WORK": str(tmp_path)})


def test_a_step_that_fails_in_the_middle_fails(tmp_path: Path) -> None:
    assert _performed(tmp_path, "false\necho went on").code == 1
    assert _performed(tmp_path, "false | cat").code == 1


def test_paths_of_the_machine_and_tokens_are_not_shown(tmp_path: Path) -> None:
    token = "aB3_" * 10 + "xyz"
    result = _performed(tmp_path, f'echo "at $WORK/home"; echo "http://localhost/in/{token}"')
    assert result.shown == ["at $WORK/home", "http://localhost/in/<token>"]


def test_the_name_of_a_test_is_no_token() -> None:
    name = "test_what_dirt_costs_in_recall_is_as_stated"
    assert len(name) == 43
    assert plain(name, {}) == name


def test_of_a_long_result_the_beginning_and_the_end_are_shown(tmp_path: Path) -> None:
    result = _performed(tmp_path, "seq 100", keep=6)
    assert result.shown == ["1", "2", "…", "97", "98", "99", "100"]
    assert result.left_out == 94


def test_a_very_long_line_is_cut_and_says_so(tmp_path: Path) -> None:
    assert _performed(tmp_path, "printf '%0300d' 7").shown == ["0" * 200 + " …"]


def test_where_the_machine_looks_for_packages_is_not_shown() -> None:
    assert plain("Installing\nWARNING: Location 'file:///packages/a/' is ignored\nDone\n", {}) == "Installing\nDone\n"


def test_progress_that_overwrites_itself_is_shown_as_it_ended() -> None:
    assert plain("\x1b[32m10 %\r50 %\r100 %\x1b[0m\n", {}) == "100 %\n"


def test_a_line_that_was_not_run_or_failed_is_not_shown_as_proven() -> None:
    lines = tuple(Line(name, "words", (Step("true"),)) for name in ("A1", "A2", "A3"))
    proof = Proof("Title", lines, {"A1": [Result(0, [], 0, 0.1)], "A2": [Result(3, ["oh"], 0, 0.1)]})
    assert short_of(proof) == ["A2", "A3"]
    sections = _sections(page(proof, "name"))
    assert "exit code 0 · 0.1 s" in sections["A1"]
    assert "exit code 3 — **should have been 0**" in sections["A2"]
    assert "Not run yet" in sections["A3"]


def test_a_step_is_run_again_and_the_others_keep_what_they_gave(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(proof, "FOLDER", tmp_path)
    monkeypatch.setattr(proof, "ROOT", tmp_path)
    step = f'[[line.step]]\nrun = "echo {{}} >> {tmp_path}/said; tail -n 1 {tmp_path}/said"\n'
    lines = [f'[[line]]\nid = "{name}"\nwords = "w"\n' + "".join(step.format(name + n) for n in "12") for name in "AB"]
    (tmp_path / "some.toml").write_text('title = "T"\n' + "".join(lines))

    assert proof.run("some", ["A"]) == 1  # B was never run
    assert proof.run("some", ["B.2"]) == 1
    assert "B.2 needs" in capsys.readouterr().out
    assert proof.run("some", ["B"]) == 0
    assert proof.run("some", ["A.2"]) == 0
    assert (tmp_path / "said").read_text().split() == ["A1", "A2", "B1", "B2", "A2"]
    assert re.findall(r"^[AB]\d$", (tmp_path / "some.md").read_text(), re.MULTILINE) == ["A1", "A2", "B1", "B2"]
    assert proof.run("some", ["C", "A.3"]) == 2


def test_no_page_of_proof_names_a_path_of_the_machine_it_ran_on() -> None:
    none([str(path.relative_to(ROOT)) for path in FOLDER.glob("*.md") if str(ROOT) + "/" in text_of(path)])
