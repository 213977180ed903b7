"""The walk along the chain: commits, their lines, their side rows and what they held back, all in step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterator
from typing import Any

import msgspec

from twostroke.ledger import rules
from twostroke.ledger.append import HELD
from twostroke.ledger.facts import Line, Problem
from twostroke.ledger.raw import Raw

_Commit = tuple[int, int, int, int, str, str]
_NEVER = 1 << 62


class Walk:
    """Goes through everything once; ``problems`` does the walking, the counts are there afterwards.

    ``said``: what the commits say of each source; ``stored`` and ``held``: what is there; ``tallies``: what the table
    of tallies says. ``head``: the head row (seq, stamp, commit, hash), None where there is not exactly one. ``link``:
    the hash stored with the commit ``outside``, None where there is no such commit.
    """

    def __init__(self, raw: Raw, key: bytes, outside: int = 0) -> None:
        self._raw, self._key, self._outside = raw, key, outside
        self.link: str | None = None if outside else rules.NO_HASH
        self.lines = self.commits = 0
        self.said: dict[str, Counter[str]] = {}
        self.stored: Counter[str] = Counter()
        self.held: Counter[str] = Counter()
        self.tallies = raw.tallies()
        self.head: tuple[int, int, int, str] | None = None
        self._link, self._stamp, self._seq = rules.NO_HASH, 0, 0
        self._before: Line | None = None
        self._erased: set[int] = set()
        self._erased_held: set[int] = set()
        self._gone: list[int] = []
        self._gone_held: list[int] = []
        self._lines, self._sides, self._all_held = raw.lines(), raw.personal(), raw.held()
        self._line: Line | None = None
        self._side: tuple[int, str, str] | None = None
        self._one_held: tuple[Any, ...] | None = None

    def problems(self) -> Iterator[Problem]:
        """Walk, and say what does not fit, each with its place."""
        self._line = next(self._lines, None)
        self._side = next(self._sides, None)
        self._one_held = next(self._all_held, None)
        number = 0
        for commit in self._raw.commits():
            number += 1
            if commit[0] != number:
                yield Problem(
                    "commit", f"commit {number}", f"Commit {number} is missing; commit {commit[0]} comes next."
                )
                number = commit[0]
            yield from self._walk_commit(commit)
        self.commits = number
        yield from self._surplus()
        yield from self._end(number)
        yield from self._erasures()

    def _walk_commit(self, commit: _Commit) -> Iterator[Problem]:
        number, first, last, stamp, tallies, link = commit
        encoded: list[bytes] = []
        if first != self._seq + 1:
            yield Problem("gap", f"line {first}", f"Commit {number} begins at line {first}, not at {self._seq + 1}.")
        yield from self._without_commit(first)
        expected = first
        while self._line is not None and self._line.seq <= last:
            line = self._line
            if line.seq != expected:
                yield _gap(expected, line.seq - 1)
            expected = line.seq + 1
            yield from self._look_at(line)
            encoded.append(_spelled(line))
            self._line = next(self._lines, None)
        if expected <= last:
            yield _gap(expected, last)
        self._seq = last
        said = _told(tallies)
        held = yield from self._walk_held(number)
        if (held or None) != said.pop(HELD, None):
            yield Problem("held", f"commit {number}", f"What commit {number} held back was changed, deleted or added.")
        if link != self._made(number, stamp, tallies, encoded):
            sentence = f"Commit {number} (lines {first} to {last}) is not what it was when it was written."
            yield Problem("changed", f"commit {number}, lines {first} to {last}", sentence)
        if stamp < self._stamp:
            yield Problem("stamp", f"commit {number}", f"Commit {number} was recorded before what it holds.")
        for source, counts in said.items():
            self.said.setdefault(source, Counter()).update(counts)
        self._link = link
        if number == self._outside:
            self.link = link

    def _without_commit(self, before: int) -> Iterator[Problem]:
        while self._line is not None and self._line.seq < before:
            yield Problem("added", f"line {self._line.seq}", f"Line {self._line.seq} belongs to no commit.")
            yield from self._look_at(self._line)
            self._line = next(self._lines, None)

    def _made(self, number: int, stamp: int, tallies: str, encoded: list[bytes]) -> str | None:
        try:
            return rules.commit_hash(self._key, self._link, number, stamp, tallies, encoded)
        except (UnicodeEncodeError, msgspec.MsgspecError):
            return None

    def _look_at(self, line: Line) -> Iterator[Problem]:
        self.lines += 1
        before, self._before = self._before, line
        if line.part == 0:
            self.stored[line.source] += 1
            later = line.recorded_at > self._stamp
        else:
            same = before is not None and (before.source, before.message_id, before.part) == (
                line.source, line.message_id, line.part - 1,
            )  # fmt: skip
            later = same and line.recorded_at == self._stamp
        if not later:
            yield Problem("stamp", f"line {line.seq}", f"Line {line.seq} does not come after the one before it.")
        self._stamp = max(self._stamp, line.recorded_at)
        if line.kind == "erasure.done":
            told = _told(line.properties)
            self._erased.update(told.get("seqs", ()))
            self._erased_held.update(told.get("held", ()))
        if line.personal_digest is not None or (self._side is not None and self._side[0] <= line.seq):
            yield from self._beside(line)

    def _beside(self, line: Line) -> Iterator[Problem]:
        """The side row of a line: there, unless erased, and as it was; and none that belongs to no line."""
        yield from self._strays(line.seq)
        side = self._side
        there = side is not None and side[0] == line.seq
        if there:
            self._side = next(self._sides, None)
        if line.personal_digest is None:
            if there:
                yield Problem("side", f"line {line.seq}", f"Line {line.seq} has a side row it never came with.")
        elif not there:
            self._gone.append(line.seq)
        elif side is not None and _digest(side) != line.personal_digest:
            yield Problem("side", f"line {line.seq}", f"The side row of line {line.seq} was changed.")

    def _strays(self, before: int) -> Iterator[Problem]:
        while self._side is not None and self._side[0] < before:
            yield Problem(
                "side", f"line {self._side[0]}", f"There is a side row for line {self._side[0]}, and no line."
            )
            self._side = next(self._sides, None)

    def _walk_held(self, number: int) -> Generator[Problem, None, str]:
        """Goes through what a commit held back; returns its hash, ``""`` where there is nothing."""
        digests: list[bytes] = []
        while self._one_held is not None and self._one_held[0] <= number:
            of, name, source, message_id, batch, row, code, reason, original, digest, stamp, state = self._one_held
            self._one_held = next(self._all_held, None)
            if of < number:
                yield Problem("held", f"commit {of}", f"The quarantined message {name} belongs to no commit.")
                continue
            digests.append(_spelled((source, message_id, batch, row, code, digest, stamp)))
            self._stamp = max(self._stamp, stamp)
            if state != "repaired":
                self.held[source] += 1
            if original is None:
                self._gone_held.append(name)
            elif rules.content_digest(self._key, str(reason), _bytes(original)) != digest:
                yield Problem("held", f"commit {number}", f"The quarantined message {name} was changed.")
        return rules.held_hash(digests) if digests else ""

    def _surplus(self) -> Iterator[Problem]:
        """Lines, side rows and held messages beyond the last commit."""
        yield from self._without_commit(_NEVER)
        yield from self._strays(_NEVER)
        while self._one_held is not None:
            of, name = self._one_held[:2]
            yield Problem("held", f"commit {of}", f"The quarantined message {name} belongs to no commit.")
            self._one_held = next(self._all_held, None)

    def _end(self, number: int) -> Iterator[Problem]:
        heads = self._raw.heads()
        self.head = heads[0] if len(heads) == 1 else None
        if self.head != (self._seq, self._stamp, number, self._link):
            sentence = (
                f"The head row does not fit the last commit, {number}: commits were cut off or the row was changed."
            )
            yield Problem("head", f"commit {number}", sentence)

    def _erasures(self) -> Iterator[Problem]:
        for seq in self._gone:
            if seq not in self._erased:
                yield Problem("side", f"line {seq}", f"The side row of line {seq} is gone, and no erasure names it.")
        for name in self._gone_held:
            if name not in self._erased_held:
                sentence = f"The content of the quarantined message {name} is gone, and no erasure names it."
                yield Problem("held", f"quarantined message {name}", sentence)


def _gap(first: int, last: int) -> Problem:
    which = f"Line {first} is" if first == last else f"Lines {first} to {last} are"
    return Problem("gap", f"line {first}", f"{which} missing.")


def _spelled(row: Any) -> bytes:
    try:
        return rules.line_bytes(row)
    except (UnicodeEncodeError, msgspec.MsgspecError):
        return b"unreadable"


def _told(text: str) -> dict[str, Any]:
    try:
        found = msgspec.json.decode(text)
    except (UnicodeEncodeError, msgspec.MsgspecError):
        return {}
    return found if isinstance(found, dict) else {}


def _digest(side: tuple[int, str, str]) -> str:
    try:
        return rules.personal_digest(side[1], side[2])
    except UnicodeEncodeError:
        return ""


def _bytes(stored: Any) -> bytes:
    return stored.encode("utf-8", "surrogateescape") if isinstance(stored, str) else bytes(stored)
