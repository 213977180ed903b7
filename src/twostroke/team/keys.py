"""API keys: made, listed, rotated, ended. The text of a key is shown once; only its hash is kept."""

from __future__ import annotations

import hashlib
import re
import secrets
import string
from collections.abc import Collection, Mapping, Sequence
from urllib.parse import urlsplit

import idna
import msgspec
from django.db import connection, transaction
from django.db.models import Q

from twostroke.kit.time import now_millis
from twostroke.ledger.actions import HOUSE
from twostroke.team.facts import ApiKey, IssuedKey, Scope, Standing
from twostroke.team.models import Key, WrongKey

HOUR_MS = 3_600_000
OVERLAP_MS = 7 * 24 * HOUR_MS
ANY_ORIGIN = "*"
_BEGINS = {Scope.INTAKE_PUBLIC: "tsp_", Scope.INTAKE_SECRET: "tss_"}
_ALPHABET = string.ascii_letters + string.digits
_LENGTH = 32  # 190 bits
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*")
_WRONG_KEPT_HOURS = 24 * 7


class KeyRefusedError(ValueError):
    """A key that cannot be made or changed so; the text says why and what to do."""


def digest_of(text: str) -> str:
    """What is kept of a key: SHA-256 (FIPS 180-4) of its text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@transaction.atomic
def create_key(
    *,
    name: str,
    scope: Scope,
    source: str | None = None,
    origins: Sequence[str] = (),
    expires_at: int | None = None,
) -> IssuedKey:
    """Make the first key of a ``name``. ``source``: whose messages they are, the name where none is given.

    A public and a secret key of one website belong to one source, so that their user ids mean the same. ``origins``:
    web pages that may send with a public key. Raises ``KeyRefusedError``.
    """
    of = name if source is None else source
    for word in (name, of):
        if not _NAME.fullmatch(word):
            raise KeyRefusedError(
                f"{word[:60]!r} is no name for a key or a source: use up to 40 small letters, digits, - and _."
            )
    if of == HOUSE:
        raise KeyRefusedError(f"“{HOUSE}” is the name of this program's own lines. Give the source another name.")
    if Key.objects.filter(name=name).exists():
        raise KeyRefusedError(f"There is a key {name} already. Make its next one with: twostroke keys rotate {name}")
    _refuse_past(expires_at)
    pages = _origins(scope, origins)
    return _issue(name=name, number=1, source=of, scope=scope, origins=pages, expires_at=expires_at)


@transaction.atomic
def rotate_key(*, name: str, overlap_ms: int = OVERLAP_MS) -> IssuedKey:
    """Make the next key of this name, of the same source, scope and origins. The ones before end after ``overlap_ms``.

    Raises ``KeyRefusedError`` where there is none of that name, or all were revoked.
    """
    last = _of_name(name)[-1]
    if last.revoked_at is not None:
        raise KeyRefusedError(f"The key {name} was revoked. Make one of another name with: twostroke keys create")
    until = now_millis() + max(0, overlap_ms)
    Key.objects.filter(name=name, revoked_at=None).filter(Q(expires_at=None) | Q(expires_at__gt=until)).update(
        expires_at=until
    )
    return _issue(
        name=name,
        number=last.number + 1,
        source=last.source,
        scope=Scope(last.scope),
        origins=tuple(msgspec.json.decode(last.origins)),
        expires_at=None,
    )


@transaction.atomic
def revoke_key(*, name: str) -> int:
    """End every key of this name at once and for ever. Returns how many that ended. Raises ``KeyRefusedError``."""
    _of_name(name)
    return Key.objects.filter(name=name, revoked_at=None).update(revoked_at=now_millis())


@transaction.atomic
def expire_key(*, name: str, expires_at: int | None) -> int:
    """Let the newest key of this name end at an instant (ms since 1970 UTC), or never. Raises ``KeyRefusedError``."""
    last = _of_name(name)[-1]
    _refuse_past(expires_at)
    return Key.objects.filter(pk=last.pk, revoked_at=None).update(expires_at=expires_at)


@transaction.atomic
def allow_origins(*, name: str, origins: Sequence[str]) -> tuple[str, ...]:
    """Let these web pages, and no others, send with the keys of this name. Raises ``KeyRefusedError``."""
    last = _of_name(name)[-1]
    pages = _origins(Scope(last.scope), origins)
    Key.objects.filter(name=name).update(origins=msgspec.json.encode(pages).decode())
    return pages


def api_keys() -> list[ApiKey]:
    """All keys ever made, by name and number."""
    return [_fact(row) for row in Key.objects.order_by("name", "number")]


def live_keys() -> dict[str, ApiKey]:
    """The keys that open something now, by the hash of their text (``digest_of``)."""
    now = now_millis()
    found = {row.digest: _fact(row) for row in Key.objects.filter(revoked_at=None)}
    return {digest: key for digest, key in found.items() if key.standing(now) is Standing.LIVE}


def note_use(*, used: Mapping[int, int], wrong: Mapping[str, int]) -> None:
    """Write down when keys were last used (key id → ms), and requests with wrong keys (place → how many) of this hour.

    One short transaction: callers gather what happened for a minute.
    """
    hour = now_millis() // HOUR_MS
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE team_key SET last_used_at = %s WHERE id = %s AND coalesce(last_used_at, 0) < %s",
            [(at, key, at) for key, at in sorted(used.items())],
        )
        cursor.executemany(
            "INSERT INTO team_wrongkey (place, hour, count) VALUES (%s, %s, %s) "
            "ON CONFLICT (place, hour) DO UPDATE SET count = team_wrongkey.count + excluded.count",
            [(place, hour, count) for place, count in sorted(wrong.items())],
        )
        cursor.execute("DELETE FROM team_wrongkey WHERE hour < %s", [hour - _WRONG_KEPT_HOURS])


def wrong_keys(hours: int = 24) -> tuple[int, int]:
    """Requests with keys nobody knows in the last hours: how many, from how many places."""
    since = now_millis() // HOUR_MS - hours
    rows = list(WrongKey.objects.filter(hour__gt=since).values_list("place", "count"))
    return sum(count for _, count in rows), len({place for place, _ in rows})


def _of_name(name: str) -> list[Key]:
    found = list(Key.objects.select_for_update().filter(name=name).order_by("number"))
    if not found:
        raise KeyRefusedError(f"There is no key {name[:60]!r}. See them with: twostroke keys list")
    return found


def _issue(
    *, name: str, number: int, source: str, scope: Scope, origins: Sequence[str], expires_at: int | None
) -> IssuedKey:
    text = _BEGINS[scope] + "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
    row = Key.objects.create(
        name=name,
        number=number,
        source=source,
        scope=scope.value,
        digest=digest_of(text),
        hint=text[:8],
        origins=msgspec.json.encode(list(origins)).decode(),
        created_at=now_millis(),
        expires_at=expires_at,
    )
    return IssuedKey(_fact(row), text)


def _fact(row: Key) -> ApiKey:
    return ApiKey(
        row.pk, row.name, row.number, row.source, Scope(row.scope), row.hint,
        tuple(msgspec.json.decode(row.origins)), row.created_at, row.expires_at, row.revoked_at, row.last_used_at,
    )  # fmt: skip


def _refuse_past(expires_at: int | None) -> None:
    if expires_at is not None and expires_at <= now_millis():
        raise KeyRefusedError("A key cannot end in the past. To end it now: twostroke keys revoke NAME")


def _origins(scope: Scope, given: Collection[str]) -> tuple[str, ...]:
    if given and scope is not Scope.INTAKE_PUBLIC:
        raise KeyRefusedError("A secret key must never stand in a web page, so it has no origins. Use a public key.")
    return tuple(dict.fromkeys(_origin(one) for one in given))


def _origin(given: str) -> str:
    """An origin as browsers write it: scheme and host, and the port where it is not the scheme's own (RFC 6454)."""
    if given == ANY_ORIGIN:
        return given
    try:
        parts = urlsplit(given.strip().lower())
        port, host = parts.port, _host(parts.hostname or "")
    except ValueError:
        parts, port, host = urlsplit(""), None, ""
    if parts.scheme not in ("http", "https") or not host or parts.path.strip("/") or "@" in parts.netloc:
        raise KeyRefusedError(
            f"{given[:80]!r} is no origin: write it as https://www.example.com, or * for every page there is."
        )
    own = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}" + (f":{port}" if port and port != own else "")


def _host(said: str) -> str:
    """A host as browsers write it, with letters beyond ASCII as xn--… (UTS 46). ``ValueError`` for what is none."""
    if ":" in said:
        return f"[{said}]"
    host = said if said.isascii() else idna.encode(said, uts46=True).decode()
    return host if _HOST.fullmatch(host) else ""
