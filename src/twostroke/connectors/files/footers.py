"""What stands below a table: totals, copyright and the like, as reports of CRMs and advertising platforms end in."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator

from twostroke.connectors.files.facts import Broken

# Salesforce writes six lines below a report, with a title between them that tells nothing by itself.
_MOST = 12
_TOTAL = re.compile(
    r"(grand |sub)?totals?(\s*[:(].*)?$|(gesamt|zwischen|end)?summen?(\s*[:(].*)?$|gesamt(ergebnis)?(\s*[:(].*)?$"
    r"|(sous-)?tota(l|ux)( général| generaux| généraux)?(\s*[:(].*)?$",
    re.IGNORECASE,
)
_TELLING = re.compile(
    r"copyright|all rights reserved|confidential|vertraulich|confidentiel|do not distribute|© ?\d{4}"
    r"|^(report )?(generated|exported|created|run|printed) (by|on|at)\b|^(erstellt|exportiert|generiert) (von|am)\b"
    r"|^(généré|exporté) (par|le)\b|^\(?\d[\d.,]* (records?|rows?|datensätze|zeilen)\b",
    re.IGNORECASE,
)


def without_footer(rows: Iterable[list[str]], width: int, below: list[str]) -> Iterator[list[str]]:
    """The rows of a table of ``width`` columns, without the lines below it.

    What was left out at the end is put into ``below``, one text a line, when the last row has been given. Lines are
    taken for a footer only where one of them says so, and only at the very end.
    """
    last: deque[list[str]] = deque()
    for row in rows:
        last.append(row)
        if len(last) > _MOST:
            yield last.popleft()
    # Only the very last rows are looked at: a million others need not be.
    held: deque[list[str]] = deque()
    while last and _may_end(last[-1], width):
        held.appendleft(last.pop())
    yield from last
    if any(map(_says_so, held)):
        below[:] = [" ".join(cell for cell in row if cell.strip())[:80] for row in held]
        return
    below.clear()
    yield from held


# What the words for a total begin with: this spares nearly every row the closer look.
_BEGINNINGS = frozenset("tgsze ")


def _may_end(row: list[str], width: int) -> bool:
    if width < 2 or (len(row) >= width and row[0] and row[1] and row[0][0].lower() not in _BEGINNINGS):
        return False
    if type(row) is Broken:
        return False
    if len(row) < width:
        return sum(1 for cell in row if cell.strip()) <= max(1, width // 4)
    return is_blank(row) or _says_so(row)


def is_blank(row: list[str]) -> bool:
    """Whether nothing stands in a row: spreadsheets write such rows below the last one that was ever touched."""
    return not row[0].strip() and not any(cell.strip() for cell in row)


def _says_so(row: list[str]) -> bool:
    first = next((cell.strip() for cell in row if cell.strip()), "")
    if _TOTAL.match(first):
        return True
    return _TELLING.search(first) is not None and sum(1 for cell in row if cell.strip()) <= 2
