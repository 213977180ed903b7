"""Everything on a person, a company or a deal, of both teams, in order: twostroke timeline anna@firm.example

A reference is an e-mail, a phone, a record's id, a domain, a name, or an id this program printed. What machines did is
folded into one line; --all shows it.
"""

from __future__ import annotations

import argparse
from itertools import groupby
from typing import TYPE_CHECKING, Any

from twostroke.cli.output import Failure, count, how_many, say, say_json, table
from twostroke.kit.time import to_datetime

if TYPE_CHECKING:
    from twostroke.identity.facts import Hit
    from twostroke.identity.timelines import Entry
    from twostroke.intake.facts import HitVerdict

MARKS = {"marketing": "■", "sales": "▲", "customer": "●"}


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("reference", metavar="WHO", help="a person, a company or a deal")
    parser.add_argument("--kind", choices=["person", "company", "deal", "colleague"], help="where WHO fits several")
    parser.add_argument("--limit", type=how_many, metavar="N", help="at most N lines")
    parser.add_argument("--all", action="store_true", help="also lines that only describe, and what machines did")
    parser.add_argument("--json", action="store_true", help="stable output for programs")


def run(options: argparse.Namespace) -> int:
    from twostroke.identity.timelines import timeline
    from twostroke.ledger.actions import catch_up
    from twostroke.ledger.queries import zone

    catch_up()
    hit = one_hit(options.reference, options.kind)
    options.noted = [(hit.kind, hit.id)]
    lines, place = timeline(hit.id, hit.kind), zone()
    if options.json:
        say_json(timeline_json(hit, lines[: options.limit]))
        return 0
    verdicts = _verdicts(lines)
    shown = [line for line in lines if options.all or not line.record][: options.limit]
    say(f"{hit.name or hit.id} ({hit.kind}), {len(shown)} of {len(lines)} lines    ■ marketing  ▲ sales  ● customer")
    print(
        table(_rows(shown, verdicts, place, folded=not options.all))
        if shown
        else "Nothing has happened yet. --all shows what describes them."
    )
    if any(line.trust == "claimed" for line in shown):
        print("[claimed]: sent with a public key, which anybody could have used.")
    return 0


def one_hit(reference: str, kind: str | None) -> Hit:
    """Whom a reference means. ``Failure`` with the choices where nobody or several fit."""
    from twostroke.identity.queries import resolve

    found = [hit for hit in resolve(reference) if kind in (None, hit.kind)]
    if not found:
        raise Failure(f"nobody and nothing here is {reference!r}. Look with: twostroke find WORDS")
    same_name = [hit for hit in found if hit.name == reference]
    if len(found) > 1 and len(same_name) != 1:
        several = "\n".join(f"  {hit.kind:<10} {hit.id}  {hit.name}" for hit in found[:10])
        raise Failure(f"{reference!r} fits several. Name one by its id, or add --kind:\n{several}")
    return same_name[0] if len(same_name) == 1 else found[0]


def timeline_json(hit: Hit, lines: list[Entry]) -> dict[str, Any]:
    """The stable shape of ``timeline --json``."""
    from twostroke.kit.time import iso

    verdicts = _verdicts(lines)

    def shaped(line: Entry) -> dict[str, Any]:
        row = line.as_dict()
        verdict = verdicts.get(line.seq)
        row["verdict"] = None if verdict is None else {"by": verdict.by.value, "why": verdict.words()}
        row["at"] = None if line.at is None else (iso(line.at)[:10] if line.precision == "day" else iso(line.at))
        return row

    return {"kind": hit.kind, "id": hit.id, "name": hit.name, "lines": [shaped(line) for line in lines]}


def _verdicts(lines: list[Entry]) -> dict[int, HitVerdict]:
    from twostroke.intake.queries import verdicts_of
    from twostroke.ledger.queries import Log

    return verdicts_of(Log().by_seq([line.seq for line in lines], in_force=False))


def _rows(lines: list[Entry], verdicts: dict[int, HitVerdict], zone: str, *, folded: bool) -> list[list[str]]:
    """The lines as rows; what machines did between two other lines is one row, or each says why."""
    rows = []
    for machine, some in groupby(lines, key=lambda line: _by_machine(verdicts.get(line.seq))):
        mine = [_row(line, zone) for line in some]
        if machine and folded:
            words = f"{count(len(mine), 'hit')} by {'a machine' if len(mine) == 1 else 'machines'} (--all shows more)"
            mine = [[mine[0][0], "⚙", words, "", "", ""]]
        rows += mine
    if not folded:
        for row, line in zip(rows, lines, strict=True):
            verdict = verdicts.get(line.seq)
            row[2] += f"  [by a machine: {verdict.words()}]" if verdict is not None and _by_machine(verdict) else ""
    return rows


def _by_machine(verdict: HitVerdict | None) -> bool:
    return verdict is not None and verdict.by == "machine"


def _row(line: Entry, zone: str) -> list[str]:
    when = "time unknown"
    if line.at is not None and line.precision == "day":
        when = f"{to_datetime(line.at):%Y-%m-%d}"
    elif line.at is not None:
        when = f"{to_datetime(line.at, zone):%Y-%m-%d %H:%M}"
    money = f"{line.amount} {line.currency}" if line.amount is not None else ""
    words = f"{line.words}  [claimed]" if line.trust == "claimed" else line.words
    return [when, MARKS.get(line.team, " "), words, money, line.by, line.channel or ""]
