"""Record ids as HubSpot and Salesforce make them: unique, meaningless, reproducible."""

from __future__ import annotations

from functools import lru_cache

_PRIME = 4_294_967_291
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_PAIRS = [one + two for one in _ALPHABET for two in _ALPHABET]
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
    value, low = divmod(value, 3844)
    high, middle = divmod(value, 3844)
    short = f"{prefix}5g000{_ALPHABET[high // 3844]}{_PAIRS[high % 3844]}{_PAIRS[middle]}{_PAIRS[low]}"
    return short + _check(short[:5]) + _check(short[5:10]) + _check(short[10:])


@lru_cache(maxsize=65_536)
def _check(five: str) -> str:
    return _SUFFIX[sum(1 << place for place, letter in enumerate(five) if "A" <= letter <= "Z")]
