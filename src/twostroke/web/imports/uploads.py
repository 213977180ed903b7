"""Files a person brought through the browser, kept in a folder of the home for the worker to read."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

_NOT_IN_NAMES = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|]+")
_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Kept:
    """An uploaded file: what people call it, and where it lies."""

    name: str
    path: Path


def keep(files: Sequence[UploadedFile]) -> list[Kept]:
    """Write the files into a folder of their own under the home's uploads; names stay, made harmless and different."""
    uploads: Path = settings.TWOSTROKE_HOME.uploads
    folder = uploads / secrets.token_hex(16)
    folder.mkdir(mode=0o700)
    kept: list[Kept] = []
    for number, file in enumerate(files, 1):
        name = _harmless(file.name or "", number)
        if any(one.name == name for one in kept):
            name = f"{number}-{name}"
        with (folder / name).open("xb") as place:
            for chunk in file.chunks():
                place.write(chunk)
        kept.append(Kept(name, folder / name))
    return kept


def _harmless(name: str, number: int) -> str:
    last = _NOT_IN_NAMES.sub("_", name.replace("\\", "/").rpartition("/")[2]).strip(". ")
    stem, dot, ending = last.rpartition(".")
    if not dot:
        return last[:_LONGEST_NAME] or f"file-{number}"
    return f"{stem[:_LONGEST_NAME] or f'file-{number}'}.{ending[:12]}"
