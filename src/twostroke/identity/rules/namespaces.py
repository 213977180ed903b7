"""Namespaces of identifiers: which leads, and which a person can hold only one value of."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

_ORDER = {"user": 0, "record": 1, "email": 2, "phone": 3, "domain": 4, "device": 6}
_OTHERS = 5


def precedence(namespace: str) -> int:
    """Rank of a namespace, lowest first: user, record, e-mail, phone, domain (of companies), others, device."""
    return _ORDER.get(namespace.partition(":")[0], _OTHERS)


def exclusive(namespace: str) -> bool:
    """Whether one person holds at most one value of it: a source's user id, a record id of one object type."""
    return namespace.startswith(("user:", "record:"))


def is_device(namespace: str) -> bool:
    """Whether its values name devices (cookies), which are never persons by themselves."""
    return namespace.startswith("device:")


def leads(identifiers: Iterable[tuple[str, str]]) -> list[str]:
    """The ids of ``(id, namespace)`` pairs, the one that leads first, each once.

    The order depends on nothing but the pairs: rank of the namespace, its name, the id.
    """
    ordered = sorted({(_rank(namespace), name) for name, namespace in identifiers})
    return [name for _, name in ordered]


@lru_cache(maxsize=4096)
def _rank(namespace: str) -> tuple[int, str]:
    return precedence(namespace), namespace
