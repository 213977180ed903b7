"""Record ids as HubSpot and Salesforce make them: unique, meaningless, reproducible."""

from __future__ import annotations

_PRIME = 4_294_967_291
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_SUFFIX = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"


def hubspot(kind: int, number: int) -> str:
    """A HubSpot record id. ``kind`` separates objects; a permutation modulo a prime keeps ids of one kind apart."""
    return str(10_000_000_000 * (kind + 1) + number * 2_654_435_761 % _PRIME)


def salesforce(prefix: str, number: int) -> str:
    """A Salesforce id of 18 characters: key prefix, instance, base 62, and the checksum that makes it case-safe.

    The last three characters encode, for each five of the fifteen before, which of them are capitals
    (Salesforce Help, "15-digit and 18-digit IDs").
    """
    value = number * 2_654_435_761 % _PRIME
    digits = ""
    for _ in range(7):
        value, rest = divmod(value, 62)
        digits = _ALPHABET[rest] + digits
    short = f"{prefix}5g000{digits}"
    check = ""
    for block in range(3):
        bits = sum(1 << place for place, letter in enumerate(short[block * 5 : block * 5 + 5]) if "A" <= letter <= "Z")
        check += _SUFFIX[bits]
    return short + check
