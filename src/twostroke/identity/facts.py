"""What travels between identity and the other rooms. Kinds of lines stand in ``KINDS``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

# Pure normal forms and precedence, handed on: other rooms come in by this door.
from twostroke.identity.rules import (
    company_domain as company_domain,
)
from twostroke.identity.rules import (
    exclusive as exclusive,
)
from twostroke.identity.rules import (
    is_device as is_device,
)
from twostroke.identity.rules import (
    is_illegal as is_illegal,
)
from twostroke.identity.rules import (
    is_role_address as is_role_address,
)
from twostroke.identity.rules import (
    leads as leads,
)
from twostroke.identity.rules import (
    normal_domain as normal_domain,
)
from twostroke.identity.rules import (
    normal_email as normal_email,
)
from twostroke.identity.rules import (
    normal_phone as normal_phone,
)
from twostroke.identity.rules import (
    precedence as precedence,
)
from twostroke.identity.rules import (
    registered_domain as registered_domain,
)
from twostroke.kit.ids import opaque

# Namespaces of identifiers. A record namespace names the source and the CRM object type; so does a user namespace.
EMAIL = "email"
PHONE = "phone"
DOMAIN = "domain"


def record_namespace(source: str, object_type: str) -> str:
    """Namespace of the record ids of one object type of one source: ``record:maven:deal``. Exclusive."""
    return f"record:{source}:{object_type}"


def user_namespace(source: str) -> str:
    """Namespace of a source's own user ids. Exclusive."""
    return f"user:{source}"


def device_namespace(source: str) -> str:
    """Namespace of a source's anonymous (cookie) ids."""
    return f"device:{source}"


class Identifier(NamedTuple):
    """An opaque id and what it stands for: ``value`` is the normal form, ``raw`` what was first received."""

    id: str
    namespace: str
    value: str
    raw: str
    generation: int = 0


@dataclass(slots=True)
class Minter:
    """Turns values into opaque ids and remembers the identifiers it made since the last ``drain``.

    ``generations`` holds the raised generations of erased values, by the opaque id of generation 0. Pure: equal input
    gives equal ids under equal keys.
    """

    key: bytes
    generations: Mapping[str, int] = field(default_factory=dict)
    _seen: dict[tuple[str, str], str] = field(default_factory=dict)
    _fresh: list[Identifier] = field(default_factory=list)

    def mint(self, namespace: str, value: str, raw: str | None = None) -> str:
        """The opaque id of an already normal ``value``; the identifier is kept for ``drain``."""
        found = self._seen.get((namespace, value))
        if found is not None:
            return found
        first = opaque(self.key, "identifier", namespace, value, "0")
        generation = self.generations.get(first, 0)
        made = first if generation == 0 else opaque(self.key, "identifier", namespace, value, str(generation))
        if len(self._seen) > 200_000:
            self._seen.clear()
        self._seen[namespace, value] = made
        self._fresh.append(Identifier(made, namespace, value, value if raw is None else raw, generation))
        return made

    def record(self, source: str, object_type: str, key: str) -> str:
        """The opaque id of a record of a source, by its key in that source."""
        return self.mint(record_namespace(source, object_type), key)

    def drain(self) -> list[Identifier]:
        """The identifiers minted since the last call, each to be stored before the lines that name it."""
        fresh, self._fresh = self._fresh, []
        return fresh
