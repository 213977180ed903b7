"""Say that two are not one: twostroke apart anna@firm.example anna@home.example. No claim joins them any more.

Take it back by merging them: twostroke merge --lift
"""

from __future__ import annotations

import argparse

from twostroke.cli.output import Failure, say, say_json


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("one", metavar="WHO", help="any identifier of the one")
    parser.add_argument("other", metavar="WHO", help="any identifier of the other")
    parser.add_argument("--kind", choices=["person", "company", "colleague"], default="person")
    parser.add_argument("--json", action="store_true", help="stable output for programs")


def run(options: argparse.Namespace) -> int:
    from twostroke.cli.timeline import one_hit
    from twostroke.identity.actions import ActError, keep_apart

    one, other = (one_hit(who, options.kind) for who in (options.one, options.other))
    try:
        options.noted = [(options.kind, one.id), (options.kind, other.id)]
        name = keep_apart(by=None, one=one.id, other=other.id, kind=options.kind)
    except ActError as error:
        raise Failure(str(error)) from error
    if options.json:
        say_json({"split": name})
    else:
        say(f"{one.name or one.id} and {other.name or other.id} are not one, whatever lines say.")
    return 0
