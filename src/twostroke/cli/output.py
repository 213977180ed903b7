"""How verbs speak: sentences for people, stable JSON for programs, failures that say what to do."""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from typing import Any, TextIO


class Failure(Exception):  # noqa: N818 - what the verb says, not a fault of the program
    """A verb that did not work: a sentence, and the exit code."""

    def __init__(self, sentence: str, code: int = 1) -> None:
        super().__init__(sentence)
        self.code = code


# Names come from files of strangers: none may steer the terminal, or turn the rest of a line round.
_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_MOST = 1_000_000_000


def shown(text: str) -> str:
    """``text`` as a terminal may get it: control characters and marks of direction stand as \ufffd."""
    return _STEERING.sub("\ufffd", text)


def say(text: str) -> None:
    """``text`` for people on standard output."""
    print(shown(text))


def how_many(text: str) -> int:
    """For options: a whole number from 1 on. Raises ``argparse.ArgumentTypeError``."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else 0
    if not 1 <= number <= _MOST:
        raise argparse.ArgumentTypeError(f"give a whole number from 1 to {_MOST:,}, not {text[:40]!r}")
    return number


def say_json(value: Any) -> None:
    """``value`` as indented JSON on standard output."""
    print(json.dumps(value, ensure_ascii=False, indent=2))


def count(number: int, one: str, many: str | None = None) -> str:
    """``1 row``, ``1,480 rows``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def table(rows: list[list[str]], right: frozenset[int] = frozenset()) -> str:
    """Rows of cells as aligned columns; ``right`` are the columns set flush right."""
    rows = [[shown(cell) for cell in row] for row in rows]
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))] if rows else []
    return "\n".join(
        "  ".join(
            cell.rjust(width) if at in right else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


class Progress:
    """A line that counts on a terminal, at most ten times a second, and says nothing anywhere else."""

    def __init__(self, what: str, stream: TextIO | None = None) -> None:
        self._what, self._stream, self._last = what, stream or sys.stderr, 0.0

    def __call__(self, done: int, total: int = 0) -> None:
        """Say how far it is."""
        now = time.monotonic()
        if not self._stream.isatty() or now - self._last < 0.1:
            return
        self._last = now
        share = f" of {total:,} ({100 * done // total} %)" if total else ""
        self._stream.write(f"\r{self._what}: {done:,}{share}\033[K")
        self._stream.flush()

    def end(self) -> None:
        """Wipe the line."""
        if self._stream.isatty():
            self._stream.write("\r\033[K")
            self._stream.flush()
