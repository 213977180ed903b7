"""Homes with many lines, filled through the ordinary writer and kept between runs under ``build/bench``.

``python -m benchmarks.homes LINES`` makes one beforehand. A home is resumable: filling goes on from the message where
it stopped, folding from the line. Two in five of its lines are touches of persons, the rest are deals, in the
proportions of a busy company; one person has 200 lines.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "build" / "bench" / "results"
START = 1_600_000_000_000
MINUTE = 60_000
SOURCE = "bench"
MUCH_TOUCHED = "much-touched"
# Nobody else waits while a home is filled, so its commits may be longer than any of the program's own.
_IN_BULK = 2_000


def open_home(lines: int, name: str = "") -> Path:
    """Load Django on the home that is to have ``lines`` lines, or on the one of this name. One home per process."""
    folder = ROOT / "build" / "bench" / (name or f"lines-{lines}")
    os.environ["TWOSTROKE_HOME"] = str(folder)
    os.environ.pop("TWOSTROKE_DATABASE_URL", None)
    os.environ["DJANGO_SETTINGS_MODULE"] = "twostroke.site.settings"
    from twostroke.cli.init import prepare

    prepare(zone="UTC", currency="EUR")
    return folder


def fill(lines: int) -> None:
    """Append until the log has at least ``lines`` lines, then fold them."""
    append_until(lines)
    _fold()


def append_until(lines: int) -> None:
    """Append in bulk until the log has at least ``lines`` lines."""
    from django.db import transaction

    from twostroke.ledger.actions import append
    from twostroke.ledger.queries import head_seq

    messages, told = messages_from(_messages_there()), 0.0
    while head_seq() < lines:
        with transaction.atomic():
            append(list(islice(messages, _IN_BULK)))  # type: ignore[arg-type]
        if time.monotonic() - told > 10:
            told = time.monotonic()
            print(f"  filled {head_seq():,} of {lines:,}", file=sys.stderr)


def _messages_there() -> int:
    from twostroke.ledger.queries import accounting

    return sum(one.stored for one in accounting() if one.source == SOURCE)


def _fold() -> None:
    from twostroke.ledger.actions import catch_up
    from twostroke.ledger.projecting import behind

    told = time.monotonic()

    def progress(done: int, total: int) -> None:
        nonlocal told
        if time.monotonic() - told > 10:
            told = time.monotonic()
            print(f"  {done:,} of {total:,} lines taken, {behind().units:,} units to fold", file=sys.stderr)

    catch_up(progress=progress)


def messages_from(number: int) -> Iterator[object]:
    """Messages without end, different ones for each ``number``."""
    from django.conf import settings

    from twostroke.kit.ids import opaque
    from twostroke.ledger.facts import Draft, Message, Precision

    key: bytes = settings.TWOSTROKE_KEY

    def name(kind: str, which: object) -> str:
        return opaque(key, "bench", kind, str(which))

    at = number
    while True:
        at += 1
        when = START + at * MINUTE
        deal, company, seller = name("deal", at), name("company", at % 20_000), name("seller", at % 50)
        person = name("person", MUCH_TOUCHED if at % 997 == 0 and at < 200_000 else at % 100_000)
        stamp = {"happened_at": when, "precision": Precision.MS}
        drafts = [
            Draft("deal.opened", "deal", deal, **stamp, company=company, actor=seller, properties={"stage": "Proposal"},
                  personal={"name": f"Deal {at}"}),
            Draft("page.viewed", "person", person, **stamp, identifier=person, channel="search",
                  properties={"path": "/pricing"}),
        ]  # fmt: skip
        if at % 2:
            kind = "deal.won" if at % 3 else "deal.lost"
            drafts.append(Draft(kind, "deal", deal, when + 9 * MINUTE, Precision.MS, company=company, actor=seller,
                                amount_minor=100 * (at % 9000), currency="EUR"))  # fmt: skip
        yield Message(SOURCE, name("message", at), name("body", at), tuple(drafts), news=False)


def much_touched() -> str:
    """The opaque id of the person with many lines."""
    from django.conf import settings

    from twostroke.kit.ids import opaque

    return opaque(settings.TWOSTROKE_KEY, "bench", "person", MUCH_TOUCHED)


if __name__ == "__main__":
    open_home(int(sys.argv[1]))
    fill(int(sys.argv[1]))
