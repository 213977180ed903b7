"""``python -m twostroke.cli.demo_live``: the demo's company lives on, and its next lines come in as news.

The same company is lived some days further than its last day; what is new in its tools' files since then is brought in
bit by bit, in order of time, through the ordinary door. Time runs faster than life: a line is dated to when it comes
in, and what it says of before or after keeps its distance.
"""

from __future__ import annotations

import csv
import json
import re
import shutil
import signal
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo

from twostroke.cli import demo_company
from twostroke.cli.demo_company import Company
from twostroke.kit.home import Home
from twostroke.kit.time import now_millis

EVERY = 6.0  # seconds between two feedings
AT_ONCE = 4  # rows of one tool in a feeding, at most
_AHEAD = 7  # days that are lived at a time
_DAY_MS = 86_400_000
# A row is known when the last of these stamps has come; a row that stands for a person or firm, when it was made.
_KNOWN = {
    "hubspot/companies.csv": ("Create Date",),
    "hubspot/contacts.csv": ("Create Date",),
    "hubspot/deals.csv": ("Create Date", "Close Date", "Last Stage Change Date"),
    "hubspot/deal-property-history.csv": ("Timestamp",),
    "hubspot/contact-property-history.csv": ("Timestamp",),
    "hubspot/calls.csv": ("Activity date",),
    "hubspot/emails.csv": ("Activity date",),
    "hubspot/meetings.csv": ("Meeting end time",),
    "hubspot/tasks.csv": ("Create date", "Completed at"),
    "support/messages.csv": ("Created at",),
    "billing/invoices.csv": ("Invoice date",),
    "billing/payments.csv": ("Value date",),
}
_SOURCES = {path: source for source, path, _ in demo_company.BROUGHT}
# What the site and the mailing tool send: each message says its own time, four times over.
_MESSAGES = ("segment/web.jsonl", "segment/mail.jsonl", "segment/product.jsonl")
_TIMES = re.compile(r'("(?:sentAt|originalTimestamp|receivedAt|timestamp)":")([^"]+)')
# What a tool would only have known later.
_LATER = frozenset({"Last Activity Date"})
_STAMP = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:([ T])(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{3}))?)?(Z?))?|(\d\d)\.(\d\d)\.(\d{4})"
)


@dataclass(frozen=True, slots=True)
class Due:
    """A row of a tool's file, and when it is known there (ms since 1970 UTC). A message is a row of one cell."""

    at: int
    source: str
    file: str
    header: tuple[str, ...]
    cells: tuple[str, ...]


def main() -> int:
    """Feed until SIGTERM or SIGINT."""
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "twostroke.site.settings")
    django.setup()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    home = Home.chosen()
    waiting: list[Due] = []
    while not stop.is_set():
        company = demo_company.written(home)
        waiting = waiting or next_days(home, company)
        _, mine = next(groupby(waiting[:AT_ONCE], key=lambda row: row.source))
        rows = list(mine)
        feed(home, rows)
        waiting = waiting[len(rows) :]
        demo_company.write(home, replace(company, lived_until=rows[-1].at))
        stop.wait(EVERY)
    return 0


def next_days(home: Home, company: Company) -> list[Due]:
    """What the company's tools know of its next days and did not know before, in order of time; at least one row."""
    first = date.fromisoformat(company.until)
    since = company.lived_until or _opening(first)
    lived = (datetime.fromtimestamp(since / 1000, UTC).date() - first).days
    for beyond in range(lived + _AHEAD, lived + 6 * _AHEAD, _AHEAD):  # a week may be nothing but holidays
        with demo_company.files(home, company, beyond=beyond) as public:
            found = sorted(
                (row for row in _rows(public) if row.at > since), key=lambda row: (row.at, row.file, row.cells)
            )
        if found:
            return found
    raise RuntimeError(f"the company of {home.path} lives no longer than {company.until}")


def feed(home: Home, rows: Iterable[Due]) -> None:
    """Bring rows of one tool in as news, each as if it had become known just now."""
    from twostroke.connectors.files.actions import EVERY_FILE, Wish, run_import

    rows = list(rows)
    folder = home.scratch / "living"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    now = now_millis()
    for file in dict.fromkeys(row.file for row in rows):
        mine = [row for row in rows if row.file == file]
        with (folder / file).open("w", encoding="utf-8", newline="") as out:
            if not mine[0].header:
                out.writelines(_message_now(row, now - row.at) for row in mine)
                continue
            writer = csv.writer(out, delimiter=_delimiter(mine[0].source))
            writer.writerow(mine[0].header)
            writer.writerows(_told_now(row, now - row.at) for row in mine)
    run_import(Wish(paths=(folder,), source=rows[0].source, news=True, dated={EVERY_FILE: None}))
    shutil.rmtree(folder)


def _rows(public: Path) -> Iterator[Due]:
    for name, stamps in _KNOWN.items():
        folder, file = name.split("/")
        if not (public / name).is_file():
            continue
        with (public / name).open(encoding="utf-8", newline="") as lines:
            header, *body = csv.reader(lines, delimiter=_delimiter(folder))
        places = [header.index(stamp) for stamp in stamps]
        for cells in body:
            known = [cells[place] for place in places if place < len(cells) and cells[place]]
            if known:
                yield Due(max(map(_instant, known)), _SOURCES[folder], file, tuple(header), tuple(cells))
    for name in _MESSAGES:
        yield from _messages(public / name)


def _messages(path: Path) -> Iterator[Due]:
    """The messages of a file; what was damaged on its way says no time and is left out."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            with suppress(json.JSONDecodeError):
                yield Due(_instant(json.loads(line)["timestamp"]), _SOURCES["segment"], path.name, (), (line,))


def _delimiter(folder: str) -> str:
    return ";" if folder == "billing" else ","


def _instant(text: str) -> int:
    """A stamp as the tools write it; a day is known when it is over."""
    found = _STAMP.fullmatch(text)
    if found is None:
        return 0
    read = _read(found)
    whole_day = found[4] is None
    return int(read.timestamp() * 1000) + (_DAY_MS if whole_day else 0)


def _read(found: re.Match[str]) -> datetime:
    zone = UTC if found[9] else ZoneInfo(demo_company.ZONE)
    if found[10]:
        return datetime(int(found[12]), int(found[11]), int(found[10]), tzinfo=zone)
    hour, minute, second, milli = (int(found[place] or 0) for place in (5, 6, 7, 8))
    return datetime(int(found[1]), int(found[2]), int(found[3]), hour, minute, second, milli * 1000, tzinfo=zone)


def _told_now(row: Due, shift: int) -> list[str]:
    """The row's cells with every stamp moved by so many ms; what was only known later is not said yet."""
    return ["" if name in _LATER else _moved(cell, shift) for name, cell in zip(row.header, row.cells, strict=False)]


def _message_now(row: Due, shift: int) -> str:
    return _TIMES.sub(lambda found: found[1] + _moved(found[2], shift), row.cells[0])


def _moved(cell: str, shift: int) -> str:
    found = _STAMP.fullmatch(cell)
    if found is None:
        return cell
    moved = _read(found) + timedelta(milliseconds=shift - (_DAY_MS if found[4] is None else 0))
    if found[10]:
        return f"{moved:%d.%m.%Y}"
    if found[4] is None:
        return f"{moved:%Y-%m-%d}"
    clock = f"{moved:%H:%M}" + (f":{moved:%S}" if found[7] else "")
    clock += f".{moved.microsecond // 1000:03d}" if found[8] else ""
    return f"{moved:%Y-%m-%d}{found[4]}{clock}{found[9]}"


def _opening(day: date) -> int:
    """08:00 of a day at the company's."""
    return int(datetime(day.year, day.month, day.day, 8, tzinfo=ZoneInfo(demo_company.ZONE)).timestamp() * 1000)


if __name__ == "__main__":
    sys.exit(main())
