"""All benchmarks, one process each: ``python -m benchmarks [--lines 0,1000000,4000000] [--kept]``.

What each printed is kept under ``build/bench``; with ``--kept`` only what was not measured yet is run, so a long
measurement goes on where it stopped.
"""

from __future__ import annotations

import argparse
import subprocess
import sys

from benchmarks.homes import ROOT

BY_SIZE = ("append", "import_", "reading", "intake")
RESULTS = ROOT / "build" / "bench" / "results"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", default="0,1000000,4000000", help="sizes of the log, separated by commas")
    parser.add_argument("--kept", action="store_true", help="show what was measured before instead of measuring again")
    options = parser.parse_args()
    failed = 0
    for size in [int(text) for text in options.lines.split(",")]:
        for name in BY_SIZE:
            print(f"== {name} at {size:,} lines", flush=True)
            failed |= _one(name, size, kept=options.kept)
    return failed


def _one(name: str, size: int, *, kept: bool) -> int:
    """Show one benchmark's words, measured now or kept. Returns whether it failed."""
    file = RESULTS / f"{name}-{size}.txt"
    if not (kept and file.is_file()):
        done = subprocess.run(
            [sys.executable, "-m", f"benchmarks.{name}", str(size)], stdout=subprocess.PIPE, text=True, check=False
        )
        if done.returncode:
            print(done.stdout, end="")
            return 1
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(done.stdout, encoding="utf-8")
    print(file.read_text("utf-8"), end="", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
