"""Names for things: time-ordered public ids, and opaque ids under the installation's key.

An opaque id says nothing about what it names: it is HMAC-SHA-256 (RFC 2104) truncated to 128 bits, written as 32
lower-case hexadecimal digits, so that it sorts the same on every database.
"""

from __future__ import annotations

import os
from functools import lru_cache
from hashlib import sha256

OPAQUE_LENGTH = 32
_BLOCK = 64  # bytes SHA-256 takes at a time
_VERSION_7 = 0x7 << 76 | 0b10 << 62
_RANDOM = (1 << 80) - 1 ^ (0xF << 76 | 0b11 << 62)


def opaque(key: bytes, *parts: str) -> str:
    """The opaque id of ``parts`` under ``key``: 32 hexadecimal digits.

    Each part is preceded by its length, so that no two lists of parts are written alike.
    """
    return mac(key, b"".join([b"%d:%b\x1f" % (len(raw), raw) for raw in map(str.encode, parts)]))


def mac(key: bytes, message: bytes) -> str:
    """HMAC-SHA-256 of ``message``, truncated to 128 bits: 32 hexadecimal digits."""
    inner, outer = _pads(key)
    return sha256(outer + sha256(inner + message).digest()).hexdigest()[:OPAQUE_LENGTH]


@lru_cache(maxsize=16)
def _pads(key: bytes) -> tuple[bytes, bytes]:
    """The key as HMAC mixes it in, inside and outside: made once, where ``hmac`` makes it anew for every message."""
    block = (sha256(key).digest() if len(key) > _BLOCK else key).ljust(_BLOCK, b"\0")
    return bytes(byte ^ 0x36 for byte in block), bytes(byte ^ 0x5C for byte in block)


def uuid7(millis: int, random: bytes | None = None) -> str:
    """A UUID version 7 (RFC 9562) as 32 hexadecimal digits: 48 bits of Unix milliseconds, then 74 random bits."""
    tail = int.from_bytes(os.urandom(10) if random is None else random, "big")
    return f"{millis & 0xFFFF_FFFF_FFFF:012x}{tail & _RANDOM | _VERSION_7:020x}"
