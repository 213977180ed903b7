"""Names for things: time-ordered public ids, and opaque ids under the installation's key.

An opaque id says nothing about what it names: it is HMAC-SHA-256 (RFC 2104) truncated to 128 bits, written as 32
lower-case hexadecimal digits, so that it sorts the same on every database.
"""

from __future__ import annotations

import hmac
import os

OPAQUE_LENGTH = 32
_SEPARATOR = b"\x1f"


def opaque(key: bytes, *parts: str) -> str:
    """The opaque id of ``parts`` under ``key``: 32 hexadecimal digits.

    Each part is preceded by its length, so that no two lists of parts are written alike.
    """
    message = b"".join(b"%d:%b%b" % (len(raw), raw, _SEPARATOR) for raw in [part.encode() for part in parts])
    return hmac.digest(key, message, "sha256")[:16].hex()


def mac(key: bytes, message: bytes) -> str:
    """HMAC-SHA-256 of ``message``, truncated to 128 bits: 32 hexadecimal digits."""
    return hmac.digest(key, message, "sha256")[:16].hex()


def uuid7(millis: int, random: bytes | None = None) -> str:
    """A UUID version 7 (RFC 9562) as 32 hexadecimal digits: 48 bits of Unix milliseconds, then 74 random bits."""
    tail = int.from_bytes(random if random is not None else os.urandom(10), "big")
    rand_a, rand_b = (tail >> 62) & 0xFFF, tail & ((1 << 62) - 1)
    value = ((millis & ((1 << 48) - 1)) << 80) | (0x7 << 76) | (rand_a << 64) | (0b10 << 62) | rand_b
    return f"{value:032x}"
