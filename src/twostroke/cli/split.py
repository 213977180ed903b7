"""Say that one is two: twostroke split anna@home.example +43123456 names what belongs to the other."""

from __future__ import annotations

import argparse

from twostroke.cli.output import Failure, say_json


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("apart", nargs="+", metavar="IDENTIFIER", help="e-mail, phone or record id of the other one")
    parser.add_argument("--kind", choices=["person", "company", "colleague"], default="person")
    parser.add_argument("--json", action="store_true", help="stable output for programs")


def run(options: argparse.Namespace) -> int:
    from twostroke.identity.actions import ActError, split
    from twostroke.identity.queries import identifier_ids

    apart = []
    for text in options.apart:
        found = identifier_ids(text)
        if not found:
            raise Failure(f"{text!r} is no e-mail, phone or record id here. See them with: twostroke find")
        apart.append(found[0])
    try:
        options.noted = [(options.kind, identifier) for identifier in apart]
        name = split(by=None, apart=apart, kind=options.kind)
    except ActError as error:
        raise Failure(str(error)) from error
    if options.json:
        say_json({"split": name})
    else:
        print("They are two from now on; no claim joins them again unless a merge lifts the split.")
    return 0
