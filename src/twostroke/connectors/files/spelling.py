"""Did you mean …? Compares letters and digits only; never changes anything by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from twostroke.connectors.files.vocabulary import SECTOR_WORDS, squeezed, words_of


def distance(a: str, b: str, most: int) -> int:
    """Edits (insert, delete, replace, swap neighbours) from ``a`` to ``b``, or ``most + 1`` where it takes more.

    Optimal string alignment (Damerau 1964).
    """
    if abs(len(a) - len(b)) > most:
        return most + 1
    before: list[int] = []
    above = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        line = [i]
        for j, y in enumerate(b, 1):
            cost = min(above[j] + 1, line[j - 1] + 1, above[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, before[j - 2] + 1)
            line.append(cost)
        if min(line) > most:
            return most + 1
        before, above = above, line
    return min(above[-1], most + 1)


class Suggester:
    """Finds the one of ``known`` values that a misspelt one probably means."""

    def __init__(self, known: Iterable[str]) -> None:
        self._plain: dict[str, str] = {}
        for value in known:
            self._plain.setdefault(squeezed(value), value)
        self._pieces: dict[str, set[str]] = {}
        for plain in self._plain:
            for piece in _pieces(plain):
                self._pieces.setdefault(piece, set()).add(plain)

    def suggest(self, value: str) -> str | None:
        """The nearest known value, if it is near and no other is as near; None for a value that is known."""
        plain = squeezed(value)
        same = self._plain.get(plain)
        if same is not None:
            return same if same != value else None
        most = 1 if len(plain) < 10 else 2
        if len(plain) < 3:
            return None
        near = {other for piece in _pieces(plain) for other in self._pieces.get(piece, ())}
        found = [(away, other) for other in near if (away := distance(plain, other, most)) <= most]
        # Two slips in one short word make another word (“Fenton” is not “Fenstone”).
        found = [(away, other) for away, other in found if away < 2 or _a_slip_a_word(value, self._plain[other])]
        if not found:
            return None
        found.sort()
        if len(found) > 1 and found[0][0] == found[1][0]:
            return None
        # A number that differs is another thing (“Model 500”, “Model 600”); a digit lost or gained is a slip.
        _, best = found[0]
        ours, theirs = _digits(plain), _digits(best)
        if ours != theirs and len(ours) == len(theirs):
            return None
        return self._plain[best]


_LONG_WORD = 10


def _a_slip_a_word(value: str, known: str) -> bool:
    """Whether two slips are in two words, or in one long word. Where a blank was lost the whole is one word."""
    ours, theirs = words_of(value), words_of(known)
    if len(ours) != len(theirs):
        return True
    pairs = zip(ours, theirs, strict=True)
    return all(len(mine) >= _LONG_WORD or distance(mine, other, 1) <= 1 for mine, other in pairs)


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())


def _pieces(text: str) -> set[str]:
    """Pieces of two letters of short words, of three of long ones, of both between.

    So two words that are a slip apart share one, although one of them is longer.
    """
    padded = f"^{text}$"
    lengths = [2] if len(text) < 6 else [2, 3] if len(text) < 9 else [3]
    return {padded[start : start + size] for size in lengths for start in range(len(padded) - size + 1)}


def variants(values: Mapping[str, int]) -> list[tuple[str, str, int]]:
    """Pairs (written, probably meant, rows) among the values of one column, the rarer written one first.

    Two spellings of the same letters; a rare value one edit from a frequent one; a word of the trade misspelt.
    """
    found: dict[str, tuple[str, int]] = {}
    ordered = sorted(values.items(), key=lambda item: (-item[1], item[0]))
    usual: dict[str, str] = {}
    for value, count in ordered:
        plain = squeezed(value)
        if plain in usual and any(c.isalpha() for c in plain):
            found[value] = (usual[plain], count)
        usual.setdefault(plain, value)
    for value, count in ordered:
        plain = squeezed(value)
        if value in found or len(plain) < 5 or not plain.isalpha():
            continue
        word = _sector_word(plain)
        if word is not None:
            found[value] = (word, count)
            continue
        near = next((v for v, n in ordered if n >= 8 * count and _one_edit(plain, squeezed(v))), None)
        if near is not None:
            found[value] = (near, count)
    return [(value, meant, count) for value, (meant, count) in found.items()]


def _one_edit(plain: str, other: str) -> bool:
    return len(other) >= 6 and other.isalpha() and plain != other and distance(plain, other, 1) == 1


def _sector_word(plain: str) -> str | None:
    if plain in SECTOR_WORDS or len(plain) < 7:
        return None
    near = [word for word in SECTOR_WORDS if distance(plain, word, 1) == 1]
    # Plurals and other endings are words of their own.
    return near[0] if len(near) == 1 and not plain.startswith(near[0]) and not near[0].startswith(plain) else None
