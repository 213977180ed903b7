"""The outside head: the newest link of the chain, kept in a file beside the database.

Whoever cuts the log and mends the head row cannot mend this file with SQL. Fixed-size records in two slots, written
in turn under a lock and each with a check of its own, so that a torn write leaves the other slot whole. Written at
every commit, synced at most once a second.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import time
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

_SIZE = 128
_last_sync = 0.0


@dataclass(frozen=True, slots=True)
class OutsideHead:
    """Commit number, last seq and link as last written outside the database."""

    number: int
    seq: int
    hash: str


def head_file() -> Path:
    """Where the outside head of this installation's log lies."""
    folder: Path = settings.TWOSTROKE_HOME.heads
    return folder / "head"


def write_head(number: int, seq: int, link: str) -> None:
    """Write the head if it is newer than what is there."""
    global _last_sync  # noqa: PLW0603 - one clock of syncs per process
    said = f"{number:020d} {seq:020d} {link}".encode()
    record = (said + b" " + _check(said)).ljust(_SIZE - 1) + b"\n"
    descriptor = os.open(head_file(), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        newest = _newest(os.pread(descriptor, 2 * _SIZE, 0))
        if newest is None or newest.number < number:
            os.pwrite(descriptor, record, (number % 2) * _SIZE)
        now = time.monotonic()
        if now - _last_sync >= 1:
            os.fdatasync(descriptor)
            _last_sync = now
    finally:
        os.close(descriptor)


def read_head() -> OutsideHead | None:
    """The newest head written outside; None where none ever was."""
    try:
        return _newest(head_file().read_bytes())
    except FileNotFoundError:
        return None


def _newest(content: bytes) -> OutsideHead | None:
    found = [head for at in (0, _SIZE) if (head := _parse(content[at : at + _SIZE])) is not None]
    return max(found, key=lambda head: head.number, default=None)


def _check(said: bytes) -> bytes:
    return hashlib.sha256(said).hexdigest()[:16].encode()


def _parse(record: bytes) -> OutsideHead | None:
    said, _, check = record.strip().rpartition(b" ")
    words = said.split()
    if len(record) != _SIZE or len(words) != 3 or check != _check(said):
        return None
    return OutsideHead(int(words[0]), int(words[1]), words[2].decode("ascii"))
