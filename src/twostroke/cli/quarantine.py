"""What could not come in, why, and how to mend it: by reason and source, all alike at once.

  twostroke quarantine                                  counts by source and reason
  twostroke quarantine show 17                          one message: its bytes as received, and why it is here
  twostroke quarantine repair --source web --code no_date --date timestamp=%d.%m.%Y
  twostroke quarantine repair --source web --code no_type --map type:pageview=page --yes
  twostroke quarantine replay --source web              what can be read by now, such as after an update
  twostroke quarantine discard --source web --code nobody --yes

A repair may have several rules, done in the order they are given. A field is a path with dots, such as
properties.total. Without --yes a repair only shows what it would do.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from twostroke.cli.output import Failure, count, say_json, table

if TYPE_CHECKING:
    from twostroke.intake.actions import Alike
    from twostroke.intake.facts import Repair, Rule
    from twostroke.ledger.queries import HeldMessage

ASKS = 3
_STEPS = (
    ("rename", "OLD=NEW", "another name for a field"),
    ("date", "FIELD=FORM", "read a date: timestamp=%%d.%%m.%%Y; without a form, seconds or milliseconds since 1970"),
    ("map", "FIELD:WAS=TO", "another value: event:buy=Order Completed"),
    ("drop", "FIELD", "leave a field out"),
)


def _step(name: str) -> Callable[[str], tuple[str, str]]:
    return lambda said: (name, said)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("act", nargs="?", choices=("list", "show", "repair", "replay", "discard"), default="list")
    parser.add_argument("ids", nargs="*", type=int, metavar="ID", help="these messages, by the numbers that show gives")
    parser.add_argument("--source", metavar="SOURCE", help="only of this source")
    parser.add_argument("--code", metavar="CODE", help="only held for this reason")
    for name, form, meaning in _STEPS:
        parser.add_argument(
            f"--{name}", dest="rules", action="append", type=_step(name), metavar=form, default=[], help=meaning
        )
    parser.add_argument("--limit", type=int, default=20, help="how many messages show lists (default: 20)")
    parser.add_argument("--yes", action="store_true", help="do it; without this a repair only shows what it would do")
    parser.add_argument("--json", action="store_true", help="stable output for programs")


def run(options: argparse.Namespace) -> int:
    from twostroke.intake.actions import RuleError

    acts = {"list": _list, "show": _show, "repair": _repair, "replay": _repair, "discard": _discard}
    try:
        return acts[options.act](options)
    except RuleError as wrong:
        raise Failure(str(wrong), 2) from wrong


def _list(options: argparse.Namespace) -> int:
    from twostroke.kit.time import iso
    from twostroke.ledger.queries import held_counts, held_messages

    found = [one for one in held_counts() if options.source in (None, one.source) and options.code in (None, one.code)]
    rows = []
    for one in found:
        first = held_messages(source=one.source, code=one.code, limit=1)
        rows.append(
            {
                "source": one.source, "code": one.code, "messages": one.messages, "of_files": one.of_files,
                "first_at": iso(one.first // 1000), "last_at": iso(one.last // 1000),
                "reason": first[0].reason if first else "",
            }
        )  # fmt: skip
    if options.json:
        say_json(rows)
    elif not rows:
        print("Nothing is held back.")
    else:
        head = ["source", "code", "messages", "last", "such as"]
        body = [
            [str(r["source"]), str(r["code"]), f"{r['messages']:,}", str(r["last_at"])[:16], str(r["reason"])[:80]]
            for r in rows
        ]
        print(table([head, *body], right=frozenset({2})))
        print("See some: twostroke quarantine show --source SOURCE --code CODE")
    return 0


def _show(options: argparse.Namespace) -> int:
    from twostroke.ledger.queries import held_messages

    alike = _alike(options)
    found = held_messages(source=alike.source, code=alike.code, ids=alike.ids, limit=options.limit)
    if options.ids and not found:
        raise Failure(f"no message {options.ids[0]} is held back. See: twostroke quarantine")
    options.noted = [("held", str(one.id)) for one in found]
    if options.json:
        say_json([_told(one) for one in found])
        return 0
    for one in found:
        told = _told(one)
        print(f"{one.id}  {one.source}  {one.code}  {told['received_at']}  {one.state}")
        print(f"  {one.reason}")
        print(f"  {told['original']}")
    return 0


def _told(one: HeldMessage) -> dict[str, Any]:
    from twostroke.intake.queries import original_of
    from twostroke.kit.time import iso

    return {
        "id": one.id, "source": one.source, "code": one.code, "reason": one.reason, "state": one.state,
        "received_at": iso(one.recorded_at // 1000), "original": original_of(one),
    }  # fmt: skip


def _repair(options: argparse.Namespace) -> int:
    from twostroke.intake.actions import preview, repair

    rules = _rules(options) if options.act == "repair" else []
    if options.act == "repair" and not rules:
        raise Failure(
            "say how: --rename, --date, --map or --drop. To try again as they are: twostroke quarantine replay", 2
        )
    alike = _alike(options)
    if options.act == "repair" and not options.yes:
        options.dry_run = True
        _tell(preview(alike, rules), options, "would be")
        return 0
    done = repair(alike, rules)
    options.noted = [("quarantine", f"{alike.source or 'all'} {alike.code or 'all'}")]
    _tell(done, options, "were")
    return 0


def _tell(done: Repair, options: argparse.Namespace, verb: str) -> None:
    if options.json:
        still = [{"code": code, "messages": n, "reason": done.why[code]} for code, n in sorted(done.still.items())]
        said = {"looked": done.looked, "stored": done.stored, "duplicate": done.duplicate, "still": still}
        say_json({**said, "done": verb == "were"})
        return
    print(
        f"{count(done.looked, 'message')} looked at: {done.stored:,} {verb} stored, {done.duplicate:,} duplicates, "
        f"{sum(done.still.values()):,} stay held."
    )
    for code, number in sorted(done.still.items(), key=lambda one: -one[1]):
        print(f"  {number:,} {code}: {done.why[code]}")
    if done.example and verb == "would be":
        print(f"One of them, before:\n{done.example[0]}\nafter:\n{done.example[1]}")
        print("Nothing was written. Do it with --yes.")


def _discard(options: argparse.Namespace) -> int:
    from twostroke.intake.actions import discard
    from twostroke.ledger.queries import held_counts

    alike = _alike(options)
    if not options.yes:
        wanted = [one for one in held_counts() if (alike.source or one.source, alike.code or one.code) == one[:2]]
        number = len(alike.ids) if alike.ids else sum(one.messages for one in wanted)
        raise Failure(f"{count(number, 'message')} would be given up for good. Say it with --yes.", ASKS)
    gone = discard(alike)
    options.noted = [("quarantine", f"{alike.source or 'all'} {alike.code or 'all'}")]
    if options.json:
        say_json({"discarded": gone})
    else:
        print(f"{count(gone, 'message')} given up. They stay counted as quarantined.")
    return 0


def _alike(options: argparse.Namespace) -> Alike:
    from twostroke.intake.actions import Alike

    if options.act == "discard" and not (options.ids or options.source or options.code):
        raise Failure("say which: ids, --source or --code. Everything at once is never given up.", 2)
    return Alike(options.source, options.code, tuple(options.ids) or None)


def _rules(options: argparse.Namespace) -> list[Rule]:
    return [_rule(name, said) for name, said in options.rules]


def _rule(name: str, said: str) -> Rule:
    from twostroke.intake.facts import Mend, Rule

    left, equals, to = said.partition("=")
    if name == "drop":
        return Rule(Mend.DROP, said)
    if not left or (name != "date" and not equals):
        form = next(form for step, form, _ in _STEPS if step == name)
        raise Failure(f"{said!r} is no rule: write --{name} {form}.", 2)
    field, _, was = left.partition(":") if name == "map" else (left, "", "")
    return Rule(Mend(name), field, to, was)
