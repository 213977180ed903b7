"""What web pages need: which origins may send (CORS), and the settings their clients ask for first. Source: Fetch."""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from typing import Any
from urllib.parse import parse_qs

from twostroke.receiving import answers, requests
from twostroke.receiving.answers import Answer
from twostroke.receiving.keyring import Keyring
from twostroke.team.facts import ApiKey, Scope

_DAY = "86400"
# A header may be any that a client wants to send (they add some with each version): none of them is believed.
_HEADER = re.compile(r"[a-z0-9-]{1,60}")
_MOST_HEADERS = 30


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
    names = [name.strip().lower() for name in wanted.split(",")[:_MOST_HEADERS]]
    allowed = ", ".join(name for name in names if _HEADER.fullmatch(name))
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
        return _leaked()
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
        text, told = parts[2], _segment(parts[2], scope)
    elif parts == ["sourceConfig"]:
        text = requests.basic_key(authorization) or key_in_query(scope)
        told = _rudder(text)
    else:
        return answers.refused(404, "no_such_address", "There is nothing here. See docs/reference/intake.md.")
    key = await keyring.find(text)
    if key is None:
        return answers.refused(404, "unknown_key", "There is no such key, or it has ended.")
    return _leaked() if key.scope is Scope.INTAKE_SECRET else answers.told(200, told)


def _segment(text: str, scope: MutableMapping[str, Any]) -> dict[str, Any]:
    own = {"apiKey": text, "apiHost": f"{_host(scope)}/v1", "protocol": scope.get("scheme", "http")}
    return {"integrations": {"Segment.io": own}, "plan": {"track": {"__default": {"enabled": True}}}}


def _rudder(text: str) -> dict[str, Any]:
    silent = {"errors": {"enabled": False}, "metrics": {"enabled": False}}
    source = {
        "id": "twostroke", "name": "twostroke", "writeKey": text, "enabled": True, "workspaceId": "twostroke",
        "config": {"statsCollection": silent}, "destinations": [], "dataplanes": {}, "connections": [],
    }  # fmt: skip
    return {"source": source, "updatedAt": "1970-01-01T00:00:00.000Z"}


def _leaked() -> Answer:
    return answers.refused(
        403, "secret_key_in_a_page", "A secret key stands in a web page: revoke it now, and use a public key there."
    )


def _host(scope: MutableMapping[str, Any]) -> str:
    named = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
    return named or "localhost"
