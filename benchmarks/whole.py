"""What goes through the whole log: ``verify``, ``state-hash`` and ``rebuild``, what a line costs, and memory.

    python -m benchmarks.whole 1000000
    python -m benchmarks.whole 10000000

Told are microseconds a line, on the processor and on the clock, and the most memory that was resident. Each
step is kept under ``build/bench/results`` as soon as it is measured, and a rebuild that was stopped goes on where it
stopped. Equality first: the state hash after the rebuild is the one before. At ten million lines a line may cost at
most twice of what it costs at a million (``python -m benchmarks.whole 1000000`` first); 1 where it costs more.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.homes import ROOT, fill, open_home
from benchmarks.measuring import Memory, Spent

RESULTS = ROOT / "build" / "bench" / "results"
BESIDE, MOST = 1_000_000, 2.0
STEPS = ("verify", "state-hash", "rebuild")


class Kept:
    """What was measured at one size so far, in a file."""

    def __init__(self, lines: int) -> None:
        self._file: Path = RESULTS / f"whole-{lines}.json"
        self.steps: dict[str, dict[str, Any]] = json.loads(self._file.read_text()) if self._file.is_file() else {}

    def keep(self, step: str, **found: Any) -> None:
        """Write it down now."""
        self.steps[step] = found
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.write_text(json.dumps(self.steps, indent=1) + "\n")


def measured(kept: Kept, step: str, work: Callable[[], Any]) -> None:
    """Do the work and keep what it took, with what it returned as ``said``."""
    spent = Spent()
    with Memory() as memory, spent.spending():
        said = work()
    kept.keep(step, processor=spent.processor, wall=spent.wall, memory=memory.most // 1024, said=said)


def verified() -> int:
    """Lines of a log with which nothing is wrong."""
    from twostroke.ledger.verify import verify

    found = verify()
    if found.problems:
        raise SystemExit(f"verify found: {found.problems[:3]}")
    return found.lines


def rebuilt(kept: Kept) -> None:
    """Fold everything anew, or go on with that; what it takes is kept on the way."""
    from twostroke.ledger.projecting import catch_up, start_again

    before = kept.steps.get("rebuild")
    if before is None:
        start_again()
    spent = Spent(**{name: (before or {}).get(name, 0.0) for name in ("wall", "processor")})
    begun = Spent(time.perf_counter() - spent.wall, time.process_time() - spent.processor)
    most, last = (before or {}).get("memory", 0), time.monotonic()

    def so_far(*, done: bool = False) -> None:
        wall, processor = time.perf_counter() - begun.wall, time.process_time() - begun.processor
        kept.keep("rebuild", processor=processor, wall=wall, memory=max(most, memory.most // 1024), done=done)

    def progress(_: int, __: int) -> None:
        nonlocal last
        if time.monotonic() - last > 10:
            last = time.monotonic()
            so_far()

    with Memory() as memory:
        catch_up(progress=progress)
    so_far(done=True)


def main() -> int:
    """Measure what is not measured yet, tell all."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.whole")
    parser.add_argument("lines", type=int, help="how many lines are there")
    options = parser.parse_args()
    open_home(options.lines)
    kept = Kept(options.lines)
    if "rebuild" not in kept.steps:
        fill(options.lines)

    from twostroke.ledger.state import state_hash

    if "verify" not in kept.steps:
        measured(kept, "verify", verified)
    if "state-hash" not in kept.steps:
        measured(kept, "state-hash", state_hash)
    if not kept.steps.get("rebuild", {}).get("done"):
        rebuilt(kept)
    if "equal" not in kept.steps:
        if state_hash() != kept.steps["state-hash"]["said"]:
            raise SystemExit("The state is another one after the rebuild: the comparison is worth nothing.")
        kept.keep("equal", said=True)
    return told(kept, Kept(BESIDE), options.lines)


def told(kept: Kept, beside: Kept, lines: int) -> int:
    """Print what each step took; 1 where a line costs more than twice of what it costs at a million lines."""
    failed = 0
    for step in STEPS:
        mine, its = kept.steps[step], beside.steps.get(step)
        clock, processor = (1e6 * mine[unit] / lines for unit in ("wall", "processor"))
        words = f"  {step}: {processor:.1f} µs a line on the processor, {clock:.1f} on the clock, {mine['memory']} MB"
        if lines > BESIDE and its is not None:
            ratio = processor / (1e6 * its["processor"] / BESIDE)
            failed |= ratio > MOST
            words += f"; {ratio:.2f} × of what it is at {BESIDE:,}"
        print(words)
    return int(failed)


if __name__ == "__main__":
    raise SystemExit(main())
