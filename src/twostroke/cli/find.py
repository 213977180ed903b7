"""People, companies, colleagues and deals by name, e-mail, phone, domain or record id."""

from __future__ import annotations

import argparse

from twostroke.cli.output import say_json, table


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("words", nargs="+", metavar="WORDS")
    parser.add_argument("--json", action="store_true", help="stable output for programs")


def run(options: argparse.Namespace) -> int:
    from twostroke.identity.queries import resolve
    from twostroke.ledger.actions import catch_up

    catch_up()
    found = resolve(" ".join(options.words))
    if options.json:
        say_json([{"kind": hit.kind, "id": hit.id, "name": hit.name} for hit in found])
    elif not found:
        print("Nobody and nothing of that name.")
    else:
        print(table([["kind", "id", "name"], *[[hit.kind, hit.id, hit.name] for hit in found]]))
    return 0
