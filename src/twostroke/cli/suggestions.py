"""Who may be one: pairs that lines say are one and the rules keep apart, with what says so.

Answer with `twostroke merge ONE OTHER` (they are one) or `twostroke apart ONE OTHER` (they are not). What is answered
is not asked again, until a later line says so anew; `--answered` shows it.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from twostroke.cli.output import count, how_many, say, say_json
from twostroke.kit.time import to_datetime

if TYPE_CHECKING:
    from twostroke.identity.facts import Suggested


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--kind", choices=["person", "company", "colleague"], default="person")
    parser.add_argument("--limit", type=how_many, default=20, metavar="N", help="at most N pairs (20)")
    parser.add_argument("--answered", action="store_true", help="also those that somebody said are not one")
    parser.add_argument("--json", action="store_true", help="stable output for programs")


def run(options: argparse.Namespace) -> int:
    from twostroke.identity import suggesting
    from twostroke.ledger.actions import catch_up
    from twostroke.ledger.queries import zone

    catch_up()
    found = suggesting.suggestions(options.kind, limit=options.limit, answered=options.answered)
    if options.json:
        say_json([_shaped(one) for one in found])
        return 0
    waiting, place = suggesting.how_many(options.kind), zone()
    say(f"{count(waiting, 'pair waits', 'pairs wait')} for an answer; {len(found)} shown.")
    for one in found:
        say("\n" + _told(one, place))
    return 0


def _told(one: Suggested, place: str) -> str:
    lines = [f"{one.name_one or one.key_one}  and  {one.name_other or one.key_other}", f"  {one.reason}"]
    if one.evidence:
        first = one.evidence[0]
        row = f", row {first.row:,}" if first.row is not None else ""
        said = f"{first.source}, received {to_datetime(first.recorded_at, place):%Y-%m-%d %H:%M}{row}"
        lines.append(f"  {count(one.times, 'line says', 'lines say')} that they are one; one of them: {said}")
    kind = "" if one.kind == "person" else f" --kind {one.kind}"
    lines.append(f"  they are one:      twostroke merge {one.key_one} {one.key_other}{kind}")
    lines.append(f"  they are not one:  twostroke apart {one.key_one} {one.key_other}{kind}")
    return "\n".join(lines)


def _shaped(one: Suggested) -> dict[str, Any]:
    """The stable shape of ``suggestions --json``."""
    from twostroke.kit.time import iso

    evidence = [each._asdict() | {"recorded_at": iso(each.recorded_at)} for each in one.evidence]
    return {
        "kind": one.kind,
        "one": {"id": one.key_one, "name": one.name_one},
        "other": {"id": one.key_other, "name": one.name_other},
        "why": one.why,
        "reason": one.reason,
        "times": one.times,
        "evidence": evidence,
    }
