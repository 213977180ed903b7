"""All benchmarks, one process each: ``python -m benchmarks [--lines 0,1000000,4000000]``."""

from __future__ import annotations

import argparse
import subprocess
import sys

BY_SIZE = ("append", "import_", "reading")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", default="0,1000000,4000000", help="sizes of the log, separated by commas")
    worst = 0
    for size in [int(text) for text in parser.parse_args().lines.split(",")]:
        for name in BY_SIZE:
            print(f"== {name} at {size:,} lines", flush=True)
            worst = max(worst, subprocess.call([sys.executable, "-m", f"benchmarks.{name}", str(size)]))
    return worst


if __name__ == "__main__":
    sys.exit(main())
