"""Homes with many lines, filled through the ordinary writer and kept between runs under ``build/bench``.

A home is resumable: filling goes on from the line where it stopped. A third of its lines are touches of persons, the
rest are deals, in the proportions of a busy company; one person has 200 lines.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
START = 1_600_000_000_000
MINUTE = 60_000
SOURCE = "bench"
MUCH_TOUCHED = "much-touched"


def open_home(lines: int) -> Path:
    """Load Django on the home that is to have ``lines`` lines. One home per process."""
    folder = ROOT / "build" / "bench" / f"lines-{lines}"
    os.environ["TWOSTROKE_HOME"] = str(folder)
    os.environ.pop("TWOSTROKE_DATABASE_URL", None)
    os.environ["DJANGO_SETTINGS_MODULE"] = "twostroke.site.settings"
    from twostroke.cli.init import prepare

    prepare(zone="UTC", currency="EUR")
    return folder


def fill(lines: int) -> None:
    """Append until the log has at least ``lines`` lines, then fold them."""
    from django.db import transaction

    from twostroke.ledger.actions import append, catch_up
    from twostroke.ledger.queries import head_seq

    while (have := head_seq()) < lines:
        messages = messages_from(have)
        for _ in range(200):
            with transaction.atomic():
                append(list(islice(messages, 300)))
        print(f"  filled {head_seq():,} of {lines:,}", file=sys.stderr)
    catch_up(progress=lambda done, total: None)


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
