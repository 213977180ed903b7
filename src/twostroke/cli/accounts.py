"""Messages by source: received = stored + duplicate + quarantined, exactly, at any moment."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from twostroke.cli.output import count, say_json, table


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="stable output for programs")


def run(options: argparse.Namespace) -> int:
    from twostroke.ledger.queries import accounting

    rows = accounting()
    if options.json:
        say_json([asdict(row) for row in rows])
        return 0
    if not rows:
        print("Nothing came in yet. Bring in files with: twostroke import PATH")
        return 0
    print(accounting_line())
    head = ["source", "received", "stored", "duplicate", "quarantined"]
    body = [[r.source, f"{r.received:,}", f"{r.stored:,}", f"{r.duplicate:,}", f"{r.quarantined:,}"] for r in rows]
    print(table([head, *body], right=frozenset({1, 2, 3, 4})))
    return 0


def accounting_line() -> str:
    """``N received = N stored + N duplicate + N quarantined``, all sources together."""
    from twostroke.ledger.queries import accounting

    rows = accounting()
    received, stored, duplicate, quarantined = (
        sum(getattr(row, name) for row in rows) for name in ("received", "stored", "duplicate", "quarantined")
    )
    sums = f"{stored:,} stored + {duplicate:,} duplicate + {quarantined:,} quarantined"
    return f"{count(received, 'message')} received = {sums}"
