"""What every room says of the personal data it keeps, so that a person can be shown all of it and be erased from it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from twostroke.kit.traces import Traces, readings

Shown = Iterable[Mapping[str, Any]]
_BETWEEN_CELLS = (",", ";", "\t", "|", '","', '";"', ", ")
_SEPARATORS = r"[\s()./\-]*"
_PHONE = re.compile(r"\+?[\d\s()./\-]{6,}")


@dataclass(frozen=True)
class Sought:
    """The person whose data is looked for.

    ``key`` and ``ids``: opaque ids, the one that leads among them. ``words``: what names this person alone, in full
    (addresses, numbers, a name nobody else has). ``records``: (source, record id) of this person, which mean nothing
    without their source. ``parts``: first and last name, as a table has them in two cells. ``batches``: files that
    brought something of this person in. ``mentions``: seqs of lines about others whose personal part names them.
    ``said``: pieces of text that only this person's own lines say.
    """

    key: str
    ids: frozenset[str]
    words: tuple[str, ...] = ()
    records: tuple[tuple[str, str], ...] = ()
    parts: tuple[str, ...] = ()
    batches: frozenset[str] = frozenset()
    mentions: frozenset[int] = frozenset()
    said: frozenset[str] = frozenset()

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        told = [_whole(word) for word in self.words] + [rf"(?<![0-9a-f]){one}(?![0-9a-f])" for one in sorted(self.ids)]
        if len(self.parts) == 2:
            first, last = map(re.escape, self.parts)
            told += [rf"(?<!\w){first}\W{{1,5}}{last}(?!\w)", rf"(?<!\w){last}\W{{1,5}}{first}(?!\w)"]
        return re.compile("|".join(told), re.IGNORECASE) if told else None

    def is_named_in(self, text: str) -> bool:
        """Whether ``text`` names this person: by a word of theirs as a whole word, or by an opaque id."""
        return self._pattern is not None and self._pattern.search(text) is not None

    def is_in_bytes(self, data: bytes) -> bool:
        """Whether bytes, as text or packed, name this person."""
        return any(self.is_named_in(text) for text in readings(data))

    def may_be_in(self, text: str) -> bool:
        """Whether ``text`` names this person or quotes what is said of them. For what may go without any loss."""
        return self.is_named_in(text) or bool(self._quotes.in_text(text))

    @cached_property
    def _quotes(self) -> Traces:
        return Traces(self.said)

    @cached_property
    def traces(self) -> Traces:
        """What finds the words of this person in raw bytes, also as pieces of other words."""
        first, last = self.parts if len(self.parts) == 2 else ("", "")
        beside = (f"{one}{mark}{other}" for one, other in ((first, last), (last, first)) for mark in _BETWEEN_CELLS)
        return Traces([*self.words, *(beside if first else ())])

    def is_in_row(self, source: str, cells: Iterable[object]) -> bool:
        """Whether a row of a table of ``source`` is about this person: by name, or record id and part of the name."""
        said = [str(cell).strip() for cell in cells if cell is not None]
        if any(self.is_named_in(cell) for cell in said) or self.is_named_in("\t".join(said)):
            return True
        whole = {cell.casefold() for cell in said}
        by_id = any(source == of and name.casefold() in whole for of, name in self.records)
        return by_id and (not self.parts or any(part.casefold() in whole for part in self.parts))


def _whole(word: str) -> str:
    """The word where it is no piece of another: anna@x.example is not in joanna@x.example."""
    if _PHONE.fullmatch(word):
        digits = re.sub(r"\D", "", word)
        return r"(?<!\d)" + _SEPARATORS.join(digits) + r"(?!\d)"
    if "@" not in word and " " in word:
        # A name: Dr.Anna Berg and "Anna Berg.csv" are hers, Anna Berg-Huber is somebody else.
        return r"(?<![\w\-])" + re.escape(word) + r"(?!\w|-[^\W\d_])"
    return r"(?<![\w.+%\-])" + re.escape(word) + r"(?![\w\-]|\.\w)"


@dataclass(frozen=True, slots=True)
class Store:
    """One place where a room keeps something personal.

    ``what`` it is and what ``erasing`` does there, in words; ``tables``: labels of the models whose personal columns it
    answers for. ``show`` gives what is there of a person, for them to read; ``erase`` takes it away and says how many
    things that were. Both may be called any number of times.
    """

    room: str
    what: str
    erasing: str
    show: Callable[[Sought], Shown]
    erase: Callable[[Sought], int]
    tables: tuple[str, ...] = ()


class InUseError(RuntimeError):
    """Something personal is being worked on right now; the text says what, and what to wait for."""
