"""How the screens put things: sentences, streams, money, charts, files. No database."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from twostroke.kit.time import day_millis, set_clock
from twostroke.ledger.facts import Line, Told
from twostroke.web.charts import Bar, bars, stacked_bars
from twostroke.web.export import csv_text
from twostroke.web.sofar import so_far, span
from twostroke.web.stream import Named, stream_of
from twostroke.web.telling import saying_of, title_of
from twostroke.web.templatetags.say import ago, grouped, money

DAY = 86_400_000
_BLANK: dict[str, Any] = dict.fromkeys(Line._fields)


def told(kind: str, *, at: int | None = None, seq: int = 1, said: dict[str, Any] | None = None, **columns: Any) -> Told:
    line = Line(**{
        **_BLANK, "seq": seq, "kind": kind, "team": "customer", "stroke": "pull", "source": "crm", "subject": "s",
        "happened_at": at, "precision": "ms" if at is not None else "unknown", **columns,
    })  # fmt: skip
    return Told(line, said or {}, {})


def sentence(lines: list[Told], **more: Any) -> str:
    return ", ".join(clause.text for clause in so_far(lines, now=100 * DAY, **more))


def test_so_far_begins_where_they_came_from_and_ends_where_they_stand() -> None:
    lines = [
        told("form.submitted", at=58 * DAY, channel="organic-search"),
        *(told("page.viewed", at=(60 + n) * DAY) for n in range(4)),
        told("meeting.requested", at=99 * DAY),
    ]
    assert sentence(lines, stage="mql") == (
        "Came by organic search 6 weeks ago, viewed 4 pages, sent a form, asked for a meeting, stands at MQL"
    )


def test_so_far_says_when_nothing_has_a_date() -> None:
    assert sentence([told("person.described")]) == "On the log without a date"


def test_so_far_tells_nothing_of_nobody() -> None:
    assert so_far([], now=0) == []


def test_each_clause_of_so_far_names_a_line_it_rests_on() -> None:
    lines = [told("page.viewed", at=DAY, seq=7, channel="fair"), told("call.made", at=2 * DAY, seq=9)]
    assert [clause.seq for clause in so_far(lines, now=3 * DAY)] == [7, 7, 9]


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "less than an hour"), (1, "1 day"), (20, "20 days"), (42, "6 weeks"), (200, "7 months"), (800, "2 years")],
)
def test_a_span_has_one_round_unit(days: int, words: str) -> None:
    assert span(days * DAY) == words


def test_a_stream_is_newest_first_by_month_and_what_has_no_time_stands_last() -> None:
    lines = [
        told("page.viewed", at=day_millis_of(2026, 2, 3), seq=1),
        told("person.described", seq=2),
        told("form.submitted", at=day_millis_of(2026, 3, 5), seq=3),
    ]
    stream = stream_of(lines, {}, about=frozenset(), zone="UTC")
    assert [chapter.title for chapter in stream.chapters] == ["March 2026", "February 2026", "Time unknown"]
    assert [line.seq for chapter in stream.chapters for line in chapter.lines] == [3, 1, 2]
    assert stream.chapters[-1].unknown


def test_a_long_stream_says_how_many_lines_it_leaves_out() -> None:
    lines = [told("page.viewed", at=n * DAY, seq=n) for n in range(1, 31)]
    stream = stream_of(lines, {}, about=frozenset(), zone="UTC", shown=10)
    assert sum(len(chapter.lines) for chapter in stream.chapters) == 10
    assert (stream.total, stream.left_out, stream.counts) == (30, 20, {"customer": 30})


def test_a_civil_day_stays_in_its_month_in_any_zone() -> None:
    line = told("deal.won", at=day_millis_of(2026, 3, 1), precision="day")
    stream = stream_of([line], {}, about=frozenset(), zone="America/Los_Angeles")
    assert stream.chapters[0].title == "March 2026"


def test_what_the_page_is_about_is_not_named_again() -> None:
    line = told("call.made", at=DAY, identifier="p", company="c")
    names = {"p": Named("Anna"), "c": Named("Nordwind")}
    [chapter] = stream_of([line], names, about=frozenset({"p"}), zone="UTC").chapters
    assert (chapter.lines[0].person, chapter.lines[0].company) == (None, Named("Nordwind"))


def test_titles_use_what_the_line_says_and_do_without() -> None:
    assert title_of("deal.moved", {"stage": "Proposal"}) == "Deal moved to Proposal"
    assert title_of("deal.moved", {}) == "Deal moved"
    assert title_of("stage.reached", {"stage": "mql"}) == "Became MQL"
    assert title_of("wishlist.changed", {}) == "Wishlist changed"


def test_a_call_says_in_its_line_what_it_was_about_how_it_went_and_what_was_noted() -> None:
    call = told("call.made", said={"outcome": "Connected", "minutes": 12, "deal": "d", "own": True})
    call = call._replace(personal={"subject": "Follow-up", "notes": "Wants the warranty in writing."})
    saying = saying_of(call)
    assert (saying.title, saying.about, saying.went) == ("Call made", "Follow-up", "Connected · 12 min")
    assert saying.words == "Wants the warranty in writing."
    assert saying.details == [("Own", "yes")]


@pytest.mark.parametrize(
    ("kind", "columns", "said", "line"),
    [
        ("page.viewed", {"content": "/pricing"}, {}, ("Viewed /pricing", "")),
        ("page.viewed", {"content": "/old"}, {"path": "/new"}, ("Viewed /new", "")),
        ("page.viewed", {}, {}, ("Viewed a page", "")),
        ("form.submitted", {"content": "Trial"}, {"form": "Trial"}, ("Sent a form", "Trial")),
        ("mail.opened", {"content": "Half the power per cup"}, {}, ("Mail opened", "Half the power per cup")),
        ("event.attended", {}, {"event": "Cost of a cup"}, ("Came to an event", "Cost of a cup")),
        ("deal.lost", {}, {"reason": "Price", "stage": "Closed"}, ("Deal lost", "Price")),
        ("deal.opened", {}, {"name": "Nordwind: BR-600"}, ("Deal opened", "")),
        ("action.taken", {"content": "Quiz"}, {"name": "Took the quiz"}, ("Took the quiz", "")),
    ],
)  # fmt: skip
def test_a_line_names_what_it_was_about(
    kind: str, columns: dict[str, str], said: dict[str, Any], line: tuple[str, str]
) -> None:
    saying = saying_of(told(kind, said=said, **columns))
    assert (saying.title, saying.about) == line


def test_nothing_is_said_twice_in_a_line() -> None:
    mail = told("mail.opened", channel="email", campaign="Spring", content="Hello", said={"by": "unsure"})
    mail = mail._replace(personal={"channel": "Email", "campaign": "Spring", "body": "Hello", "device": "phone"})
    saying = saying_of(mail)
    assert (saying.about, saying.words, saying.details) == ("Hello", "", [("Device", "phone")])
    assert saying.went == "by a human or a machine: unsure"


def test_who_is_only_described_has_no_words_in_the_line() -> None:
    saying = saying_of(told("person.described")._replace(personal={"title": "CFO", "notes": "Tall."}))
    assert (saying.about, saying.words) == ("", "")
    assert ("Notes", "Tall.") in saying.details


def test_money_and_numbers_are_written_for_reading() -> None:
    assert money(1_840_050, "EUR") == "EUR\u00a018,400.50"
    assert money(1_840_000, "EUR") == "EUR\u00a018,400"
    assert money(18_400, "JPY") == "JPY\u00a018,400"
    assert money(None, None) == "\u2013"
    assert grouped(1234567) == "1,234,567"


def test_ago_is_told_in_one_unit() -> None:
    set_clock(lambda: 1000 * DAY * 1000)
    assert [ago(1000 * DAY - gap) for gap in (5_000, 240_000, 3 * DAY, 400 * DAY, 900 * DAY)] == [
        "5 s", "4 min", "3 d", "13 mo", "2 y",
    ]  # fmt: skip
    assert ago(None) == "\u2013"


def test_charts_evaluate_nothing_and_name_colours_by_the_theme() -> None:
    one = bars([Bar("Engaging", 1589, "1,589")], axis="Deals", says="Open deals.")
    many = stacked_bars([Bar("fair", 3, "3", "lead"), Bar("fair", 1, "1", "customer")], axis="People",
                        series=["lead", "customer"], title="Stands at", says="How far.")  # fmt: skip
    for chart in (one, many):
        text = repr(chart.spec)
        assert "#" not in text.replace(chart.spec["$schema"], "")
        assert "var(--" in text
    assert [value["place"] for value in many.spec["data"]["values"]] == [0, 1]


def test_a_file_for_spreadsheets_runs_no_formula() -> None:
    text = csv_text([{"name": "=HYPERLINK(1)", "n": -5}, {"name": 'Berg, "Anna"', "n": None}])
    assert list(csv.reader(io.StringIO(text))) == [["name", "n"], ["'=HYPERLINK(1)", "-5"], ['Berg, "Anna"', ""]]


def day_millis_of(year: int, month: int, day: int) -> int:
    import datetime as dt

    return day_millis(dt.date(year, month, day))
