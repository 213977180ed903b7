"""Text as people mean it: one form for the same words, distances, and lengths."""

from __future__ import annotations

import re
import unicodedata

_SPACES = re.compile(r"\s+")
_NOT_WORD = re.compile(r"[^0-9a-z]+")


def tidy(text: str) -> str:
    """NFC, without control characters, white space folded to single spaces and none at the ends."""
    kept = "".join(
        c if unicodedata.category(c)[0] != "C" or c in "\n\t" else "" for c in unicodedata.normalize("NFC", text)
    )
    return _SPACES.sub(" ", kept).strip()


def folded(text: str) -> str:
    """For comparing, never for showing: compatibility form, case folded, without accents, tidy."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return _SPACES.sub(" ", "".join(c for c in decomposed if not unicodedata.combining(c))).strip()


def slug(text: str, longest: int = 60) -> str:
    """Lower-case ASCII words joined by dashes; ``""`` where nothing is left."""
    return _NOT_WORD.sub("-", folded(text)).strip("-")[:longest].strip("-")
