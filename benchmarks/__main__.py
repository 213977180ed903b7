"""Benchmarks, one process each: ``python -m benchmarks [--lines 0,1000000,4000000] [--only deals people] [--kept]``.

What each printed is kept under ``build/bench``; with ``--kept`` only what was not measured yet is run, so a long
measurement goes on where it stopped. Homes are kept, too: ``python -m benchmarks.homes LINES`` makes one beforehand.
"""

from __future__ import annotations

import argparse
import subprocess
import sys

from benchmarks.homes import RESULTS

NAMED = {
    "append": ("append",),
    "deals": ("import_", "--kind", "deals"),
    "people": ("import_", "--kind", "people"),
    "reading": ("reading",),
    "intake": ("intake",),
    "timeline": ("reading", "--timeline"),
    "million": ("import_", "--rows", "1000000"),
    "whole": ("whole",),
    "pages": ("pages",),
    "tail": ("tail",),
}
USUALLY = ("append", "deals", "people", "reading", "intake")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", default="0,1000000,4000000", help="sizes of the log, separated by commas")
    parser.add_argument("--only", nargs="+", choices=NAMED, default=USUALLY, help="which benchmarks")
    parser.add_argument("--kept", action="store_true", help="show what was measured before instead of measuring again")
    options = parser.parse_args()
    failed = 0
    for size in [int(text) for text in options.lines.split(",")]:
        for name in options.only:
            print(f"== {name} at {size:,} lines", flush=True)
            failed |= _one(name, size, kept=options.kept)
    return failed


def _one(name: str, size: int, *, kept: bool) -> int:
    """Show one benchmark's words, measured now or kept. Returns whether it failed."""
    file, (module, *more) = RESULTS / f"{name}-{size}.txt", NAMED[name]
    if not (kept and file.is_file()):
        done = subprocess.run(
            [sys.executable, "-m", f"benchmarks.{module}", str(size), *more],
            stdout=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            print(done.stdout, end="")
            return 1
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(done.stdout, encoding="utf-8")
    print(file.read_text("utf-8"), end="", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
