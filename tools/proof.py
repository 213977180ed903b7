"""Runs what was promised and writes down what came out: ``docs/proof/NAME.toml`` in, ``docs/proof/NAME.md`` out.

``python -m tools.proof NAME`` runs every step; with ``--only F5 F8.2`` it runs that line and that step of a line, and
keeps what the others gave the last time (``build/proof/NAME.json``, written after every step), so a long proof can go
on where it stopped. Exit code 1 where a step did not exit as it should, or a line was never run.

In the TOML file a line is ``[[line]]`` with ``id``, ``words`` and steps ``[[line.step]]``: ``run`` (a bash script), and
if need be ``says`` (a sentence before it), ``exit`` (the code that is right, 0), ``keep`` (how many lines of the result
are shown, 12) and ``grep`` (only lines that match). Scripts run in the repository with ``.venv/bin`` first on the path;
``$WORK`` is a folder of their own for the whole run, ``$DATA`` the real files.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "proof"
DATA = Path(os.environ.get("TWOSTROKE_SHARED_DATA") or ROOT.parent / "shared" / "data")
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07]*\x07")
_INSTALLER = re.compile(r"^WARNING: Location '.*\n?", re.MULTILINE)  # where this machine looks for packages is its own
_WIDEST = 200
# 256 bits in base64, as in a sign-in link; names of tests can be as long.
_TOKEN = re.compile(r"(?<![\w-])(?!test_)[A-Za-z0-9_-]{43}(?![\w-])")


@dataclass(frozen=True, slots=True)
class Step:
    """One script and what is to be shown of it."""

    run: str
    says: str = ""
    exit: int = 0
    keep: int = 12
    grep: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A numbered line of what was promised, and the steps that show it."""

    id: str
    words: str
    step: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """What a step gave: its code, its shown lines without machine paths, how many were left out, seconds."""

    code: int
    shown: list[str]
    left_out: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Proof:
    """Everything a page is made of."""

    title: str
    lines: tuple[Line, ...]
    results: dict[str, list[Result]] = field(default_factory=dict)


def read(path: Path) -> Proof:
    """The proof's list of lines and steps. Raises ``TypeError`` for a word the list does not know."""
    told = tomllib.loads(path.read_text("utf-8"))
    lines = [
        Line(
            each["id"],
            each["words"].strip(),
            tuple(Step(**{**step, "run": step["run"].strip()}) for step in each["step"]),
        )
        for each in told.get("line", [])
    ]
    return Proof(told["title"], tuple(lines))


def perform(step: Step, names: Mapping[str, str], environment: Mapping[str, str]) -> Result:
    """Run one step. ``names`` says which paths are to be shown under which name."""
    began = time.monotonic()
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", step.run],
        cwd=ROOT, env=dict(environment), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        check=False,
    )  # fmt: skip
    seconds = time.monotonic() - began
    told = [line.rstrip() for line in plain(done.stdout.decode("utf-8", "replace"), names).splitlines()]
    wanted = [line for line in told if line and (not step.grep or re.search(step.grep, line))]
    wanted = [line if len(line) <= _WIDEST else line[:_WIDEST] + " …" for line in wanted]
    left_out = max(0, len(wanted) - step.keep)
    if left_out:  # the end tells the outcome, the beginning what it was about
        first = step.keep // 3
        wanted = [*wanted[:first], "…", *wanted[first + left_out :]]
    return Result(done.returncode, wanted, left_out, round(seconds, 1))


def plain(text: str, names: Mapping[str, str]) -> str:
    """The text without colours, carriage returns, tokens of sign-in links and paths of this machine."""
    text = _ESCAPES.sub("", text)
    text = "\n".join(line.rsplit("\r", 1)[-1] for line in text.replace("\r\n", "\n").split("\n"))
    text = _INSTALLER.sub("", text)
    for path in sorted(names, key=len, reverse=True):
        text = text.replace(path, names[path])
    return _TOKEN.sub("<token>", text)


def page(proof: Proof, name: str) -> str:
    """The page as Markdown."""
    parts = [
        f"<!-- Written by `make proof` from {name}.toml. Not edited by hand. -->\n\n# {proof.title}\n",
        f"Run on {_machine()}. `$WORK` is a temporary folder, `$DATA` the folder of real files "
        "([TESTING.md](../../TESTING.md)); results are trimmed, and a line may be of an earlier run than its "
        "neighbours.\n",
    ]
    # Lines are run in the order in which they build on each other, and shown in the order in which they were promised.
    for line in sorted(proof.lines, key=lambda line: [int(digits) for digits in re.findall(r"\d+", line.id)]):
        parts.append(f"## {line.id}\n\n{line.words}\n")
        results = proof.results.get(line.id, [])
        parts += [_entry(step, result) for step, result in zip(line.step, results, strict=False)]
        if len(results) < len(line.step):
            parts.append("**Not run yet.**\n")
    return "\n".join(parts)


def _entry(step: Step, result: Result) -> str:
    says = f"{step.says}\n\n" if step.says else ""
    wrong = "" if result.code == step.exit else f" — **should have been {step.exit}**"
    cut = f" · {result.left_out} lines left out" if result.left_out else ""
    shown = "\n".join(result.shown) or "(nothing printed)"
    fence = "````" if "```" in step.run + shown else "```"
    return (
        f"{says}{fence}sh\n{step.run}\n{fence}\n\n{fence}text\n{shown}\n{fence}\n\n"
        f"exit code {result.code}{wrong} · {result.seconds} s{cut}\n"
    )


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()}, Python {platform.python_version()}"


def _kept(path: Path) -> dict[str, list[Result]]:
    if not path.is_file():
        return {}
    told = json.loads(path.read_text("utf-8"))
    return {line: [Result(**each) for each in results] for line, results in told.items()}


def run(name: str, only: Iterable[str]) -> int:
    """Run the proof and write its page; 0 where everything exited as it should."""
    described = read(FOLDER / f"{name}.toml")
    memory = ROOT / "build" / "proof" / f"{name}.json"
    memory.parent.mkdir(parents=True, exist_ok=True)
    every = {line.id: {f"{line.id}.{number}" for number in range(1, len(line.step) + 1)} for line in described.lines}
    chosen, unknown = _steps(only or every, every)
    if unknown:
        print(f"No such line in {name}.toml: {', '.join(unknown)}.")
        return 2
    results = _kept(memory) if only else {}
    with tempfile.TemporaryDirectory(prefix="ts-proof-") as work:
        names, environment = _shown_for(work), _environment(work)
        for line in described.lines:
            there = results.setdefault(line.id, [])
            for number, step in enumerate(line.step):
                if f"{line.id}.{number + 1}" not in chosen:
                    continue
                if number > len(there):
                    print(f"{line.id}.{number + 1} needs what the step before it gave: run that first.")
                    break
                there[number : number + 1] = [_performed(line.id, step, names, environment)]
                memory.write_text(json.dumps({k: [asdict(r) for r in v] for k, v in results.items()}), "utf-8")
    proof = Proof(described.title, described.lines, results)
    (FOLDER / f"{name}.md").write_text(page(proof, name), "utf-8")
    return 1 if short_of(proof) else 0


def _steps(named: Iterable[str], every: Mapping[str, set[str]]) -> tuple[set[str], list[str]]:
    """The steps that lines (``R1``) and steps (``R1.2``) name, and the names that are none of either."""
    known = {step for steps in every.values() for step in steps}
    chosen = {step for name in named for step in every.get(name, {name})}
    return chosen & known, sorted(chosen - known)


def _shown_for(work: str) -> dict[str, str]:
    """What stands on the page in place of this machine's own paths."""
    names = {work: "$WORK", str(DATA): "$DATA", str(ROOT): "<repository>", str(Path.home()): "~"}
    return {path: shown for path, shown in names.items() if len(path) > 1}


def _environment(work: str) -> dict[str, str]:
    return {
        **{key: value for key, value in os.environ.items() if not key.startswith("TWOSTROKE_")},
        "PATH": f"{ROOT / '.venv' / 'bin'}:{os.environ['PATH']}",
        "WORK": work, "DATA": str(DATA), "TWOSTROKE_HOME": f"{work}/home", "COLUMNS": "100", "NO_COLOR": "1",
    }  # fmt: skip


def _performed(line: str, step: Step, names: Mapping[str, str], environment: Mapping[str, str]) -> Result:
    result = perform(step, names, environment)
    mark = "ok" if result.code == step.exit else f"exit {result.code}, should be {step.exit}"
    print(f"{line:4} {result.seconds:8.1f} s  {mark}", flush=True)
    return result


def short_of(proof: Proof) -> list[str]:
    """Lines that were not shown: a step missing, or one that did not exit as it should."""
    missing = []
    for line in proof.lines:
        results = proof.results.get(line.id, [])
        right = [result.code == step.exit for step, result in zip(line.step, results, strict=False)]
        if not line.step or len(right) < len(line.step) or not all(right):
            missing.append(line.id)
    return missing


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.proof", description="Run a proof and write its page.")
    parser.add_argument("name", help="of the TOML file in docs/proof")
    parser.add_argument(
        "--only", nargs="*", default=[], metavar="LINE", help="run these lines or steps (R1.2), keep the rest"
    )
    told = parser.parse_args(arguments)
    return run(told.name, told.only)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
