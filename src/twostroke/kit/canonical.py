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
    # Nearly all there is within is a leaf, and a leaf is seen at once by its exact type.
    return all(_is_plain(one) for one in inner if type(one) not in _LEAVES)


def canonical_json(value: Any) -> bytes:
    """``value`` (dicts, lists, strings, integers, floats, booleans, None) as canonical JSON in UTF-8.

    Raises ``ValueError`` for what JSON cannot say (NaN, integers a double cannot hold within a float-bearing value).
    """
    if _is_plain(value):
        try:
            return _fast.encode(value)
        except (UnicodeEncodeError, OverflowError, msgspec.MsgspecError) as error:
            raise ValueError(str(error)) from error
    try:
        return rfc8785.dumps(value)
    except rfc8785.CanonicalizationError as error:
        raise ValueError(str(error)) from error


def sha256_hex(data: bytes) -> str:
    """SHA-256 (FIPS 180-4) of ``data`` as 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def sha256_of_file(path: Path) -> str:
    """The same of a file, however large it is."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
