"""The written table: what becomes of each call of a real client, with a secret and with a public key.

With a secret key what is said is known. With a public key it is claimed: an edge between ids is unverified, and money
is held back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import msgspec

from twostroke.ledger.queries import held_messages, lines_after

ROOT = Path(__file__).resolve().parent.parent.parent
CLIENTS = ROOT / "build" / "clients"

# call → with a secret key, with a public key. "ids": the call names a user and a device.
TABLE: dict[str, tuple[str, str]] = {
    "page, ids": (
        "known: identity.claimed verified, page.viewed",
        "claimed: identity.claimed unverified, page.viewed",
    ),
    "page": ("known: page.viewed", "claimed: page.viewed"),
    "screen, ids": (
        "known: identity.claimed verified, screen.viewed",
        "claimed: identity.claimed unverified, screen.viewed",
    ),
    "screen": ("known: screen.viewed", "claimed: screen.viewed"),
    "identify": (
        "known: identity.claimed verified, person.described",
        "claimed: identity.claimed unverified, person.described",
    ),
    "track, ids": (
        "known: action.taken, identity.claimed verified",
        "claimed: action.taken, identity.claimed unverified",
    ),
    "track": ("known: action.taken", "claimed: action.taken"),
    "order, ids": ("known: identity.claimed verified, order.placed EUR 1250", "quarantined: needs_secret_key"),
    "order": ("known: order.placed EUR 1250", "quarantined: needs_secret_key"),
    "group, ids": (
        "known: company.described, identity.claimed verified",
        "claimed: company.described, identity.claimed unverified",
    ),
    "group": ("known: company.described", "claimed: company.described"),
    "alias": ("known: identity.claimed verified", "claimed: identity.claimed unverified"),
}


def wanted(key: str, calls: Iterable[str]) -> Counter[str]:
    """What the table says of these calls."""
    return Counter(TABLE[call][0 if key == "secret" else 1] for call in calls)


def happened() -> Counter[str]:
    """What stands on the log and in quarantine for the source ``web``, a sentence a message."""
    messages: dict[tuple[str, str], list[str]] = {}
    for line in lines_after(0, 10_000):
        if line.source != "web":
            continue
        said = line.kind
        if line.kind == "identity.claimed":
            said += " verified" if msgspec.json.decode(line.properties)["verified"] else " unverified"
        if line.amount_minor is not None:
            said += f" {line.currency} {line.amount_minor}"
        messages.setdefault((line.message_id, line.trust), []).append(said)
    found = Counter(f"{trust}: {', '.join(sorted(lines))}" for (_, trust), lines in messages.items())
    found.update(f"quarantined: {one.code}" for one in held_messages(limit=1000))
    return found
