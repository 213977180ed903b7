"""A number, its definition, and who is behind it: twostroke metric pipeline

Without a name: which numbers there are. --people opens the number: who or what it was counted from. --how shows its
words and its SQL.
"""

from __future__ import annotations

import argparse
import csv
import sys
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from twostroke.cli.output import Failure, how_many, say, say_json, table
from twostroke.kit.text import harmless_cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from twostroke.metrics.facts import Behind, Metric, Result, Row, Scope


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", metavar="METRIC", help="which number")
    parser.add_argument(
        "--by", action="append", default=[], metavar="DIMENSION", help="divide its rows, such as channel"
    )
    parser.add_argument("--grain", metavar="GRAIN", help="what is counted, where there is a choice: person or company")
    parser.add_argument("--key", action="append", default=[], metavar="NAME=VALUE", help="only rows with this key")
    parser.add_argument("--owner", metavar="NAME", help="only what this seller has, as they see it as theirs")
    parser.add_argument("--people", action="store_true", help="who or what it was counted from")
    parser.add_argument("--limit", type=how_many, metavar="N", help="at most N of them (default: all)")
    parser.add_argument("--as-of", type=int, metavar="SEQ", help="as the log stood at this line")
    parser.add_argument("--how", action="store_true", help="its definition in words and SQL")
    shape = parser.add_mutually_exclusive_group()
    shape.add_argument("--json", action="store_true", help="stable output for programs")
    shape.add_argument("--csv", action="store_true", help="rows as CSV")


def run(options: argparse.Namespace) -> int:
    from twostroke.metrics.facts import MetricRefusedError
    from twostroke.metrics.queries import compute, metric

    options.by = [name for given in options.by for name in given.split(",") if name]
    try:
        if not options.name:
            return _list(options)
        if options.how:
            return _how(options, metric(options.name))
        if options.people:
            return _people(options)
        scope = _scope(options)
        result = compute(options.name, by=options.by, grain=options.grain, scope=scope, as_of=options.as_of)
    except MetricRefusedError as error:
        raise Failure(str(error), 2) from error
    _tell(options, result)
    return 0


def _scope(options: argparse.Namespace) -> Scope | None:
    if not options.owner:
        return None
    from twostroke.cli.users import colleague_called
    from twostroke.identity.queries import identifiers
    from twostroke.metrics.facts import Scope

    key, name = colleague_called(options.owner)
    return Scope(name, frozenset(identifiers(key, "colleague")))


def _list(options: argparse.Namespace) -> int:
    from twostroke.metrics.queries import metrics

    found = metrics()
    if options.json:
        say_json([{"metric": one.name, "question": one.question, "definition": one.formula} for one in found])
    else:
        print(table([[one.name, one.question] for one in found]))
    return 0


def _how(options: argparse.Namespace, one: Metric) -> int:
    from twostroke.metrics.queries import sql

    print(f"{one.title}, version {one.version}\n\n{one.question}\n{one.formula}\n\nLeaves out: {one.caveat}\n")
    print(sql(one.name, by=options.by, grain=options.grain))
    return 0


def _keys(options: argparse.Namespace) -> dict[str, str | None]:
    pairs = [text.partition("=") for text in options.key]
    if any(not equals for _, equals, _ in pairs):
        raise Failure("--key takes NAME=VALUE, such as --key stage=Proposal.", 2)
    return {name: value or None for name, _, value in pairs}


def _tell(options: argparse.Namespace, result: Result) -> None:
    rows = _wanted(options, result)
    if options.json:
        say_json({**result.as_json(), "rows": [{"key": dict(r.key), "measures": dict(r.measures)} for r in rows]})
    elif options.csv:
        _csv(_heads(result), ([*row.key.values(), *row.measures.values()] for row in rows))
    else:
        _print(options, result, rows)


def _wanted(options: argparse.Namespace, result: Result) -> list[Row]:
    """The rows whose key is, or begins, as asked. ``Failure`` for a name no row has."""
    wanted, there = _keys(options), _key_names(result)
    for name in wanted:
        if name not in there:
            raise Failure(f"Rows of {result.metric.name} have no {name[:60]!r}, only: {', '.join(there)}.", 2)
    return [row for row in result.rows if all(row.key[name] == value for name, value in wanted.items())]


def _key_names(result: Result) -> list[str]:
    return [*(one.name for one in result.metric.key), *result.by]


def _heads(result: Result) -> list[str]:
    return [*_key_names(result), *(one.name for one in result.metric.measures)]


def _print(options: argparse.Namespace, result: Result, rows: Sequence[Row]) -> None:
    whose = f" of {result.scope.name}" if result.scope else ""
    say(f"{result.metric.title}{whose}, as of line {result.as_of.seq:,} ({result.as_of.at})")
    if not rows:
        print(f"Nothing to count yet. {result.metric.question} {result.metric.caveat}")
        return
    told = [one for one in result.metric.measures if one.money or one.name != "value"]
    called = _called(rows)
    keys, names = _key_names(result), [one.name for one in told]
    cells = [
        [
            *(_word(row.key[key], called, "(none)" if key in result.by else "") for key in keys),
            *(_figure(row.measures[name]) for name in names),
        ]
        for row in rows
    ]
    print(table([[*keys, *names], *cells], right=frozenset(range(len(keys), len(keys) + len(names)))))
    _compare(_keys(options), result)
    for note in result.notes:
        print(f"\n! {note}")
    print("\n" + "\n".join(f"{one.name}: {one.meaning}" for one in told))
    print("Who is behind it: --people. How it is counted, in full: --how.")


def _compare(wanted: Mapping[str, str | None], result: Result) -> None:
    """What the rows say beside each other, in points of a hundred."""
    found = [one for one in result.comparisons if all(one.key.get(n, v) == v for n, v in wanted.items())]
    if not found:
        return
    names = list(found[0].key)
    cells = [
        [
            *(one.key[name] or "(none)" for name in names), one.outcome, one.contrast, f"{one.of:,}",
            *(points(share) for share in (one.difference, one.low, one.high)), "" if one.is_apart else "no",
        ]
        for one in found
    ]  # fmt: skip
    heads = [*names, "outcome", "what it did", "of", "points", "from", "to", "apart from nothing"]
    width = len(names) + 2
    print("\n" + table([heads, *cells], right=frozenset(range(width, width + 4))))


def _called(rows: Sequence[Row]) -> dict[str, str]:
    """Names for those keys that are ids: of owners and products."""
    from twostroke.identity.queries import labels_of

    kinds = {"owner": "colleague", "product": "product"}
    return labels_of([(kinds[key], value) for row in rows for key, value in row.key.items() if key in kinds and value])


def _word(value: str | None, called: Mapping[str, str], nothing: str) -> str:
    return nothing if not value else called.get(value) or value


def points(share: str) -> str:
    """A share (``0.0512``) as points of a hundred with a sign: ``+5.1``."""
    return f"{Decimal(share) * 100:+.1f}"


def _csv(heads: Sequence[str], rows: Iterable[Iterable[object]]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows(map(harmless_cell, row) for row in rows)


def _figure(value: int | str) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    whole, point, rest = value.partition(".")
    return f"{int(whole):,}{point}{rest}" if whole.lstrip("-").isdigit() else value


def _people(options: argparse.Namespace) -> int:
    from twostroke.metrics.queries import people

    found = people(
        options.name,
        key=_keys(options),
        by=options.by,
        grain=options.grain,
        limit=options.limit,
        scope=_scope(options),
        as_of=options.as_of,
    )
    rows = _named(found)
    if options.json:
        say_json({"metric": options.name, "people": rows})
    elif options.csv:
        heads = ["kind", "id", "name", *(found[0].key if found else ()), *(found[0].measures if found else ())]
        _csv(heads, ([r["kind"], r["id"], r["name"], *r["key"].values(), *r["measures"].values()] for r in rows))
    else:
        body = [[r["kind"], r["id"], r["name"], *(v or "" for v in r["key"].values())] for r in rows]
        print(table([["kind", "id", "name", *(found[0].key if found else ())], *body]))
    return 0


def _named(found: Sequence[Behind]) -> list[dict[str, Any]]:
    """The people behind a number with their names, deals and records by the id of their source."""
    from twostroke.identity.queries import labels_of

    names = labels_of([(one.subject_kind, one.subject) for one in found])
    return [
        {
            "kind": one.subject_kind,
            "id": one.subject,
            "name": names.get(one.subject, ""),
            "key": dict(one.key),
            "measures": dict(one.measures),
        }
        for one in found
    ]
