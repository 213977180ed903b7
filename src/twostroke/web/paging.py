"""Lists in pages: where this one begins, where the others are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.http import HttpRequest

T = TypeVar("T")
AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Rows of one page; ``first`` is the number of the first, from 1; an address is empty where there is no page."""

    rows: Sequence[T]
    first: int
    total: int
    before: str
    after: str

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1


def offset_of(request: HttpRequest, total: int) -> int:
    """Rows to leave out before this page: ``?from=51`` says 50; beyond the last of ``total`` rows, the last page's."""
    last_page = max(0, total - 1) // AT_ONCE * AT_ONCE
    try:
        return max(0, min(int(request.GET.get("from", "1")) - 1, last_page))
    except ValueError:
        return 0


def page_of(request: HttpRequest, rows: Sequence[T], *, total: int, offset: int, at_once: int = AT_ONCE) -> Page[T]:
    """The page of ``rows``, with the addresses of its neighbours under the same filters."""

    def address(start: int) -> str:
        query = request.GET.copy()
        query["from"] = str(start + 1)
        return f"?{query.urlencode()}"

    return Page(
        rows=rows,
        first=offset + 1,
        total=total,
        before=address(max(0, offset - at_once)) if offset > 0 else "",
        after=address(offset + at_once) if offset + len(rows) < total else "",
    )


def list_template(request: HttpRequest, folder: str) -> str:
    """The template of a list: only its rows where htmx asks while one types, the whole page for everybody else.

    A browser that goes back asks through htmx for the page as it was, not for a part of it.
    """
    part = request.headers.get("HX-Request") and not request.headers.get("HX-History-Restore-Request")
    return f"web/{folder}/{'rows' if part else 'list'}.html"
