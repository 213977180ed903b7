"""Lists in pages: every row is on exactly one page, and the way on is never a dead end."""

from __future__ import annotations

from urllib.parse import parse_qs

from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from twostroke.web.paging import AT_ONCE, offset_of, page_of

ASK = RequestFactory()


@given(st.integers(0, 400))
def test_walking_on_from_the_first_page_shows_every_row_once(total: int) -> None:
    rows, seen, address = list(range(total)), [], "?q=anna&from=1"
    for _ in range(total // AT_ONCE + 2):
        request = ASK.get(f"/people/{address}")
        offset = offset_of(request, total)
        page = page_of(request, rows[offset : offset + AT_ONCE], total=total, offset=offset)
        seen += page.rows
        assert (page.first, page.last) == (offset + 1, offset + len(page.rows))
        if not page.after:
            break
        address = page.after
        assert parse_qs(address[1:])["q"] == ["anna"]
    assert seen == rows


@given(st.integers(0, 400), st.integers(-(10**12), 10**12))
def test_a_page_asked_for_by_any_number_has_rows_if_there_are_any(total: int, start: int) -> None:
    offset = offset_of(ASK.get("/people/", {"from": start}), total)
    assert 0 <= offset <= max(0, total - 1)


@given(st.integers(1, 400), st.data())
def test_the_way_back_leads_to_the_page_before(total: int, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, (total - 1) // AT_ONCE)) * AT_ONCE
    request = ASK.get("/people/", {"from": offset + 1})
    page = page_of(request, range(offset, min(total, offset + AT_ONCE)), total=total, offset=offset)
    assert bool(page.before) == (offset > 0)
    if page.before:
        assert offset_of(ASK.get(f"/people/{page.before}"), total) == offset - AT_ONCE


def test_an_empty_list_has_one_empty_page_and_no_way_on() -> None:
    page = page_of(ASK.get("/people/"), [], total=0, offset=0)
    assert (page.before, page.after, page.total, page.last) == ("", "", 0, 0)
