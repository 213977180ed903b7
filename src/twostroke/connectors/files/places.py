"""Where the bytes of a table stand: a file, or a file inside a ZIP archive, which is never unpacked to disk."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from twostroke.connectors.files.facts import UnreadableError

# Bytes unpacked, and files: an archive that claims more is a trap, or no export.
LARGEST = 2 << 30
_MOST_FILES = 1_000
_LARGEST_WORKBOOK = 256 << 20


@dataclass(frozen=True, slots=True)
class Place:
    """A file at ``path``, or the file ``member`` of the archive there."""

    path: Path
    member: str = ""

    @property
    def name(self) -> str:
        """What people call it."""
        return PurePosixPath(self.member).name if self.member else self.path.name

    @property
    def stem(self) -> str:
        """Its name without the last ending."""
        return PurePosixPath(self.member).stem if self.member else self.path.stem

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """Its bytes from the beginning. Raises ``UnreadableError`` for what an archive cannot give back."""
        if not self.member:
            with self.path.open("rb") as file:
                yield file
            return
        try:
            with zipfile.ZipFile(self.path) as archive, archive.open(self.member) as file:
                yield file
        except RuntimeError as error:
            if "encrypted" not in str(error):
                raise
            raise UnreadableError(f"{self.path.name} is locked with a password. Unpack it first.") from error
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, KeyError) as error:
            raise UnreadableError(f"{self.path.name}: {self.name} in it is damaged. Download it again.") from error

    @contextmanager
    def text(self, codec: str, errors: str) -> Iterator[io.TextIOWrapper]:
        """Its text, line ends as they are."""
        with self.open() as file, io.TextIOWrapper(file, encoding=codec, errors=errors, newline="") as text:
            yield text

    def whole(self) -> io.BytesIO:
        """All its bytes, for what can only be read from everywhere at once."""
        with self.open() as file:
            held = io.BytesIO(file.read(_LARGEST_WORKBOOK + 1))
        if held.getbuffer().nbytes > _LARGEST_WORKBOOK:
            raise UnreadableError(f"{self.path.name}: {self.name} is too large to be read inside it. Unpack it first.")
        return held


def members(path: Path) -> list[tuple[Place, int | None]]:
    """The files in an archive in the order of their names, each with its own date as it would have unpacked.

    The date is in ms since 1970, read as UTC: archives name no zone. Hidden files and those of hidden folders are left
    out. Raises ``UnreadableError`` for what is no archive and for what is a trap.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir() and not _is_hidden(entry.filename)]
    except zipfile.BadZipFile as error:
        raise UnreadableError(f"{path.name} is a damaged archive. Download it again.") from error
    size = sum(entry.file_size for entry in entries)
    if size > LARGEST or len(entries) > _MOST_FILES:
        raise UnreadableError(
            f"{path.name} unpacks to {len(entries):,} files of {size:,} bytes. Unpack it and name what is to come in."
        )
    return [(Place(path, entry.filename), _dated(entry)) for entry in sorted(entries, key=lambda e: e.filename)]


def _is_hidden(name: str) -> bool:
    return any(part.startswith((".", "~$", "__MACOSX")) for part in PurePosixPath(name).parts)


def _dated(entry: zipfile.ZipInfo) -> int | None:
    """None for 1980, which is what programs write that do not tell."""
    try:
        when = dt.datetime(*entry.date_time, tzinfo=dt.UTC)
    except ValueError:
        return None
    return int(when.timestamp()) * 1000 if when.year > 1980 else None
