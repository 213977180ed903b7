"""API keys, by which programs and web pages send what happens.

A secret key is for your servers. A public key may stand in a web page, where everybody can read it: what comes with it
is a claim, never the truth about a person, and money or consent sent with it is held back. A key is shown once.

  twostroke keys create --scope intake-public --name web --origin https://www.example.com
  twostroke keys create --scope intake-secret --name web-server --source web
  twostroke keys rotate web        the next key of the same source; the old one goes on for 7 days
  twostroke keys revoke web        ends it at once
  twostroke keys expire web --at 2027-06-30
  twostroke keys origins web --origin https://www.example.com --origin https://shop.example.com
"""

from __future__ import annotations

import argparse
import datetime as dt
from typing import TYPE_CHECKING, Any

from twostroke.cli.output import Failure, count, say_json, table

if TYPE_CHECKING:
    from twostroke.team.facts import ApiKey, IssuedKey

ACTS = ("list", "create", "rotate", "revoke", "expire", "origins")
_DAY_MS = 86_400_000


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("act", nargs="?", choices=ACTS, default="list")
    parser.add_argument("which", nargs="?", metavar="NAME", help="the key to rotate, revoke, expire or change")
    parser.add_argument("--scope", choices=("intake-public", "intake-secret"), help="what a new key opens")
    parser.add_argument("--name", metavar="NAME", help="what to call a new key")
    parser.add_argument("--source", metavar="SOURCE", help="whose messages they are (default: the key's name)")
    parser.add_argument(
        "--origin", metavar="URL", action="append", default=[], help="a web page's origin that may send; repeat it"
    )
    parser.add_argument("--at", metavar="DAY", help="when it ends: YYYY-MM-DD, or never")
    parser.add_argument(
        "--overlap", metavar="DAYS", type=int, default=7, help="how long rotated keys go on (default: 7; 0: not at all)"
    )
    parser.add_argument("--json", action="store_true", help="stable output for programs")


def run(options: argparse.Namespace) -> int:
    from twostroke.team.actions import KeyRefusedError

    try:
        return {
            "list": _list,
            "create": _create,
            "rotate": _rotate,
            "revoke": _revoke,
            "expire": _expire,
            "origins": _allow,
        }[options.act](options)
    except KeyRefusedError as refused:
        raise Failure(str(refused)) from refused


def _list(options: argparse.Namespace) -> int:
    from twostroke.kit.time import iso, now_millis
    from twostroke.team.queries import api_keys, wrong_keys

    found, now = api_keys(), now_millis()
    wrong, places = wrong_keys()
    if options.json:
        said = [_told(one, now) for one in found]
        say_json({"keys": said, "wrong_keys_last_day": {"requests": wrong, "addresses": places}})
        return 0
    if not found:
        print("No keys yet. Make one with: twostroke keys create --scope intake-secret --name NAME")
    else:
        head = ["name", "no", "source", "scope", "begins", "state", "ends", "last used", "origins"]
        rows = [
            [
                one.name, str(one.number), one.source, one.scope.value, one.hint, one.standing(now).value,
                iso(one.expires_at)[:10] if one.expires_at else "", iso(one.last_used_at) if one.last_used_at else "",
                " ".join(one.origins),
            ]
            for one in found
        ]  # fmt: skip
        print(table([head, *rows], right=frozenset({1})))
    if wrong:
        print(
            f"{count(wrong, 'request')} with unknown keys in the last day, "
            f"from {count(places, 'address', 'addresses')}."
        )
    return 0


def _told(one: ApiKey, now: int) -> dict[str, Any]:
    return {
        "name": one.name,
        "number": one.number,
        "source": one.source,
        "scope": one.scope.value,
        "begins": one.hint,
        "state": one.standing(now).value,
        "origins": list(one.origins),
        "created_at": one.created_at,
        "expires_at": one.expires_at,
        "last_used_at": one.last_used_at,
    }


def _create(options: argparse.Namespace) -> int:
    from twostroke.team.actions import create_key
    from twostroke.team.facts import Scope

    name = options.name or options.which
    if not name or not options.scope:
        raise Failure("name it and say what it opens: twostroke keys create --scope intake-secret --name NAME", 2)
    issued = create_key(
        name=name,
        scope=Scope(options.scope),
        source=options.source,
        origins=options.origin,
        expires_at=_instant(options.at) if options.at else None,
    )
    return _show(issued, options)


def _rotate(options: argparse.Namespace) -> int:
    from twostroke.team.actions import rotate_key

    return _show(rotate_key(name=_which(options), overlap_ms=options.overlap * _DAY_MS), options)


def _show(issued: IssuedKey, options: argparse.Namespace) -> int:
    from twostroke.kit.time import now_millis
    from twostroke.team.facts import Scope

    key = issued.key
    options.noted = [("key", f"{key.name}-{key.number}")]
    if options.json:
        say_json({"key": issued.text, **_told(key, now_millis())})
        return 0
    print(issued.text)
    print(f"This is the only time it is shown. It sends as {key.source} ({key.scope.value}).")
    if key.scope is Scope.INTAKE_PUBLIC and not key.origins:
        print(f"No web page may use it yet. Allow one: twostroke keys origins {key.name} --origin https://…")
    return 0


def _revoke(options: argparse.Namespace) -> int:
    from twostroke.team.actions import revoke_key

    name = _which(options)
    ended = revoke_key(name=name)
    options.noted = [("key", name)]
    print(f"{count(ended, 'key')} of {name} ended." if ended else f"The keys of {name} had ended before.")
    return 0


def _expire(options: argparse.Namespace) -> int:
    from twostroke.team.actions import expire_key

    name = _which(options)
    if not options.at:
        raise Failure(f"say when it ends: twostroke keys expire {name} --at YYYY-MM-DD (or --at never)", 2)
    at = None if options.at == "never" else _instant(options.at)
    if not expire_key(name=name, expires_at=at):
        raise Failure(f"the key {name} was revoked: it ends no second time.")
    options.noted = [("key", name)]
    print(f"{name} ends {'never' if at is None else options.at}.")
    return 0


def _allow(options: argparse.Namespace) -> int:
    from twostroke.team.actions import allow_origins

    name = _which(options)
    pages = allow_origins(name=name, origins=options.origin)
    options.noted = [("key", name)]
    print(f"{name} may be used by pages of {', '.join(pages)}." if pages else f"No web page may use {name} now.")
    return 0


def _which(options: argparse.Namespace) -> str:
    name = options.which or options.name
    if not name:
        raise Failure(f"say which: twostroke keys {options.act} NAME", 2)
    return str(name)


def _instant(day: str) -> int:
    """Midnight UTC at the end of a civil day, in ms."""
    from twostroke.kit.time import DAY_MS, day_millis

    try:
        return day_millis(dt.date.fromisoformat(day)) + DAY_MS
    except ValueError:
        raise Failure(f"{day!r} is no day: write it as YYYY-MM-DD.", 2) from None
