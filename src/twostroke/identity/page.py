"""What is known of a person as one readable page: HTML that stands alone and fetches nothing from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from twostroke.kit.money import to_decimal
from twostroke.kit.time import iso

Told = Sequence[tuple[str, Sequence[Mapping[str, Any]]]]

_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem;color:#1b1b1b;background:#fff}
h1{margin-bottom:0}h2{margin-top:2.5rem;border-bottom:1px solid #bbb}table{border-collapse:collapse;width:100%}
td,th{text-align:left;vertical-align:top;padding:.3rem .6rem .3rem 0;border-bottom:1px solid #ddd}
th{font-weight:600}dl{margin:0}dt{color:#555;float:left;clear:left;margin-right:.5rem}dd{margin:0;overflow-wrap:anywhere}
.none{color:#555}@media(prefers-color-scheme:dark){body{color:#eee;background:#161616}dt,.none{color:#aaa}
td,th,h2{border-color:#444}}
"""
_OPAQUE = re.compile(r"[0-9a-f]{32}")
_FIRST = ("happened_at", "kind", "amount", "source", "channel", "campaign", "content", "trust")
_INSTANTS = frozenset({"at", "since", "until"})
_LEFT_OUT = frozenset({"properties", "personal", "precision", "recorded_at", "team", "stroke", "seq", "part", "row"})


def page(name: str, made: str, told: Told) -> str:
    """The page. ``made``: the day it was made; ``told``: what each store is, and the things in it as dictionaries.

    Ids that only this installation understands are left out; the JSON beside the page has them.
    """
    sections = "\n".join(f"<h2>{escape(_sentence(what))}</h2>\n{_table(things)}" for what, things in told)
    title = escape(name or "A person without a name")
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head><body>\n'
        f"<h1>{title}</h1>\n<p>Everything that is kept here about this person, as of {escape(made)}.</p>\n"
        f"{sections}\n</body></html>\n"
    )


def _table(things: Sequence[Mapping[str, Any]]) -> str:
    if not things:
        return '<p class="none">Nothing.</p>'
    rows = [_flat(thing) for thing in things]
    names = _columns(rows)
    head = "".join(f"<th>{escape(_sentence(name))}</th>" for name in names)
    body = "".join(_line(row, names) for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>\n{body}</tbody></table>"


def _columns(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """The names that any row has: those people look for first, then the others as they come."""
    there = dict.fromkeys(name for row in rows for name in row)
    return list(dict.fromkeys([*(name for name in _FIRST if name in there), *there]))


def _line(row: Mapping[str, Any], names: Sequence[str]) -> str:
    cells = "".join(f"<td>{_cell(_dated(name, row.get(name)))}</td>" for name in names)
    return f"<tr>{cells}</tr>\n"


def _flat(thing: Mapping[str, Any]) -> dict[str, Any]:
    """A thing without ids of our own; what a line says stands together under ``details``."""
    said = {**(thing.get("properties") or {}), **(thing.get("personal") or {})}
    rest = {name: value for name, value in thing.items() if name not in _LEFT_OUT and not _is_opaque(value)}
    if rest.get("currency"):
        rest["amount"] = f"{to_decimal(rest.pop('amount_minor'), rest['currency'])} {rest.pop('currency')}"
    details = {name: value for name, value in said.items() if not _is_opaque(value)}
    return {name: value for name, value in (rest | {"details": details}).items() if value not in (None, "", {}, [])}


def _is_opaque(value: Any) -> bool:
    if isinstance(value, str):
        return bool(_OPAQUE.fullmatch(value) or re.fullmatch(rf"{_OPAQUE.pattern}\.{_OPAQUE.pattern}", value))
    return isinstance(value, list) and bool(value) and all(_is_opaque(one) for one in value)


def _cell(value: Any) -> str:
    if isinstance(value, Mapping):
        told = {name: one for name, one in value.items() if name not in _LEFT_OUT and one not in (None, "")}
        said = (f"<dt>{escape(_sentence(name))}</dt><dd>{_cell(_dated(name, one))}</dd>" for name, one in told.items())
        return f"<dl>{''.join(said)}</dl>"
    if isinstance(value, list | tuple):
        return "<br>".join(_cell(one) for one in value)
    return "" if value is None else escape(str(value))


def _dated(name: str, value: Any) -> Any:
    """An instant as people read it."""
    if type(value) is int and (name.endswith("_at") or name in _INSTANTS):
        told = iso(value)
        return told[:10] if told[10:] == "T00:00:00.000Z" else f"{told[:10]} {told[11:16]} UTC"
    return value


def _sentence(name: str) -> str:
    words = name.replace("_", " ").replace(".", " ")
    return words[:1].upper() + words[1:]


def as_told(found: Iterable[tuple[tuple[str, str], Sequence[Mapping[str, Any]]]]) -> Told:
    """Stores in the order people look for things: who they are, how they are reached, then what happened."""
    order = {"identity": 0, "relay": 1, "deals": 2, "ledger": 3}
    return [(what, things) for (_, what), things in sorted(found, key=lambda one: order.get(one[0][0], 9))]
