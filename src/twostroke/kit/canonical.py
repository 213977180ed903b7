"""One spelling for each JSON value (RFC 8785), so that equal content has equal bytes and equal hashes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
import rfc8785

_fast = msgspec.json.Encoder(order="deterministic")
_LEAVES = frozenset({str, int, bool, type(None)})


def _is_plain(value: Any) -> bool:
    """Whether the fast encoder writes ``value`` exactly as RFC 8785 does: no floats, keys within the BMP."""
    if isinstance(value, dict):
        if not all(map(str.isascii, value)):
            return False
        inner: Iterable[Any] = value.values()
    elif isinstance(value, list | tuple):
        inner = value
    else:
        return value is None or isinstance(value, str | bool | int)
    for one in inner:  # noqa: SIM110  a generator would take longer than what it does
        # Nearly all there is within is a leaf, and a leaf is seen at once by its exact type.
        if type(one) not in _LEAVES and not _is_plain(one):
            return False
    return True


def canonical_json(value: Any) -> bytes:
    """``value`` (dicts, lists, strings, integers, floats, booleans, None) as canonical JSON in UTF-8.

    Integers are written in full, also those a double cannot hold. Raises ``ValueError`` for what JSON cannot say, such
    as NaN.
    """
    if _is_plain(value):
        try:
            return _fast.encode(value)
        except (UnicodeEncodeError, OverflowError, msgspec.MsgspecError) as error:
            raise ValueError(str(error)) from error
    try:
        return rfc8785.dumps(value)
    except rfc8785.IntegerDomainError:
        # A float of 1e16 is written as a whole number and read back as one: it must be written the same again.
        return _in_full(value)
    except rfc8785.CanonicalizationError as error:
        raise ValueError(str(error)) from error


def _in_full(value: Any) -> bytes:
    """As RFC 8785 writes it, and large integers as digits, beside whatever they stand."""
    if isinstance(value, dict):
        named = [(canonical_json(name), name.encode("utf-16-be"), one) for name, one in value.items()]
        return b"{%b}" % b",".join(b"%b:%b" % (name, _in_full(one)) for name, _, one in sorted(named, key=_by_key))
    if isinstance(value, list | tuple):
        return b"[%b]" % b",".join(map(_in_full, value))
    return canonical_json(value)


def _by_key(named: tuple[bytes, bytes, Any]) -> bytes:
    return named[1]


def sha256_hex(data: bytes) -> str:
    """SHA-256 (FIPS 180-4) of ``data`` as 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def sha256_of_file(path: Path) -> str:
    """The same of a file, however large it is."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
