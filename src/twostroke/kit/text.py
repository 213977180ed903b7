"""Text as people mean it: one form for the same words, distances, and lengths."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

# How a cell begins that a spreadsheet would run.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_BELOW_NOUGHT = re.compile(r"-[0-9]+(\.[0-9]+)?")
_SPACES = re.compile(r"\s+")
_NOT_WORD = re.compile(r"[^0-9a-z]+")
_AT = re.compile("@|%40")
# An escaped backslash, a pair of surrogates, and what is left: half of one.
_ESCAPES = re.compile(
    rb"(\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|\\u[dD][89a-fA-F][0-9a-fA-F]{2}"
)


def tidy(text: str) -> str:
    """NFC, without control characters, white space folded to single spaces and none at the ends."""
    kept = "".join(
        c if unicodedata.category(c)[0] != "C" or c in "\n\t" else "" for c in unicodedata.normalize("NFC", text)
    )
    return _SPACES.sub(" ", kept).strip()


def folded(text: str) -> str:
    """For comparing, never for showing: compatibility form, case folded, without accents, tidy."""
    if text.isascii():
        return " ".join(text.lower().split())
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return _SPACES.sub(" ", "".join(c for c in decomposed if not unicodedata.combining(c))).strip()


def slug(text: str, longest: int = 60) -> str:
    """Lower-case ASCII words joined by dashes; ``""`` where nothing is left."""
    return _NOT_WORD.sub("-", folded(text)).strip("-")[:longest].strip("-")


def domain_start(word: str) -> int:
    """Where in a word without blanks the dot of a domain may stand: after an @ (or %40) with something on both sides.

    The word's length where nowhere. Addresses are looked for in what anybody sent: one pattern for a whole address
    would try each @ with each dot, and take hours over a text of nothing else.
    """
    found = _AT.search(word, 1)
    return len(word) if found is None else found.end() + 1


def of_whole_characters(json: bytes) -> bytes:
    """JSON in which each half of a character, left where a program cut a text, is U+FFFD. Source: WHATWG, Infra."""
    return _ESCAPES.sub(lambda found: found[1] or rb"\ufffd", json)


def harmless_cell(value: object) -> object:
    """A cell for a spreadsheet: text that it would run as a formula gets an apostrophe before it.

    A number below nought is no formula.
    """
    runs = isinstance(value, str) and value.startswith(_FORMULA) and not _BELOW_NOUGHT.fullmatch(value)
    return f"'{value}" if runs else value


def texts_within(told: Iterable[Any]) -> Iterator[str]:
    """All texts within decoded JSON, however deep."""
    for value in told:
        if isinstance(value, str):
            yield value
        elif isinstance(value, Mapping):
            yield from texts_within(value.values())
        elif isinstance(value, list | tuple):
            yield from texts_within(value)
