"""What web pages need: which origins may send (CORS), and the settings their clients ask for first. Source: Fetch."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any
from urllib.parse import parse_qs

from twostroke.receiving import answers, requests
from twostroke.receiving.answers import Answer
from twostroke.receiving.keyring import Keyring
from twostroke.team.facts import ApiKey, Scope

_DAY = "86400"
# Headers that the clients of Segment and RudderStack set.
_MAY_SEND = frozenset(
    {"authorization", "content-type", "content-encoding", "anonymousid", "x-client", "x-requested-with"}
)


def headers_for(origin: str, key: ApiKey | None, keyring: Keyring) -> tuple[tuple[str, str], ...]:
    """What lets a page of this origin read the answer. Before the key is seen: a page of any public key's origins."""
    if not origin:
        return ()
    allowed = keyring.knows_origin(origin) if key is None else keyring.may_send(key, origin)
    if not allowed:
        return (("vary", "origin"),)
    return (
        ("access-control-allow-origin", origin),
        # A beacon always sends credentials; there are none here that could mean anything.
        ("access-control-allow-credentials", "true"),
        ("access-control-expose-headers", "retry-after"),
        ("vary", "origin"),
    )


def preflight(wanted: str) -> Answer:
    """What a browser asks before it sends. Whether the origin may is said by ``headers_for``."""
    names = [name.strip().lower() for name in wanted.split(",")]
    allowed = ", ".join(name for name in names if name in _MAY_SEND)
    return Answer(
        204,
        b"",
        (
            ("access-control-allow-methods", "POST, GET"),
            ("access-control-allow-headers", allowed or "content-type"),
            ("access-control-max-age", _DAY),
        ),
    )


def refusal(origin: str, key: ApiKey, keyring: Keyring) -> Answer | None:
    """Why a page of this origin may not send with this key; None where it may, or where no page sends."""
    if not origin:
        return None
    if key.scope is Scope.INTAKE_SECRET:
        return answers.refused(
            403, "secret_key_in_a_page", "A secret key stands in a web page: revoke it now, and use a public key there."
        )
    if keyring.may_send(key, origin):
        return None
    return answers.refused(
        403, "origin", f"Pages of this origin may not use the key. Allow them: twostroke keys origins {key.name}"
    )


def key_in_query(scope: MutableMapping[str, Any]) -> str:
    """The key in the address, where a beacon can put nothing into headers."""
    query = scope.get("query_string", b"")
    if not query:
        return ""
    said = parse_qs(query.decode("latin-1"))
    return next((said[name][0] for name in ("writeKey", "writekey", "api_key") if name in said), "")


async def settings_for(scope: MutableMapping[str, Any], path: str, authorization: str, keyring: Keyring) -> Answer:
    """The settings a browser client loads before it sends: everything to here, nothing to anywhere else."""
    parts = path.strip("/").split("/")
    if len(parts) == 4 and parts[:2] == ["v1", "projects"] and parts[3] == "settings":
        return await _segment(parts[2], scope, keyring)
    if parts == ["sourceConfig"]:
        return await _rudder(requests.basic_key(authorization) or key_in_query(scope), keyring)
    return answers.refused(404, "no_such_address", "There is nothing here. See docs/reference/intake.md.")


async def _segment(text: str, scope: MutableMapping[str, Any], keyring: Keyring) -> Answer:
    if await keyring.find(text) is None:
        return answers.refused(404, "unknown_key", "There is no such key, or it has ended.")
    own = {"apiKey": text, "apiHost": f"{_host(scope)}/v1", "protocol": scope.get("scheme", "http")}
    return answers.told(200, {"integrations": {"Segment.io": own}, "plan": {"track": {"__default": {"enabled": True}}}})


async def _rudder(text: str, keyring: Keyring) -> Answer:
    key = await keyring.find(text)
    if key is None:
        return answers.refused(404, "unknown_key", "There is no such key, or it has ended.")
    source = {
        "id": key.source, "name": key.source, "writeKey": text, "enabled": True, "workspaceId": "twostroke",
        "config": {"statsCollection": {"errors": {"enabled": False}, "metrics": {"enabled": False}}},
        "destinations": [], "dataplanes": {}, "connections": [],
    }  # fmt: skip
    return answers.told(200, {"source": source, "updatedAt": "1970-01-01T00:00:00.000Z"})


def _host(scope: MutableMapping[str, Any]) -> str:
    named = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
    return named or "localhost"
