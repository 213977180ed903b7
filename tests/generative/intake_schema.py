"""What clients may send, as OpenAPI 3.1: schemathesis draws bodies that keep to it, and bodies that do not."""

from __future__ import annotations

from typing import Any

_TEXT: dict[str, Any] = {"type": "string"}
_ID: dict[str, Any] = {"type": "string", "minLength": 4, "maxLength": 40}
_ANYTHING: dict[str, Any] = {"type": "object"}
_TIME: dict[str, Any] = {"type": "string", "format": "date-time"}

_TRAITS: dict[str, Any] = {
    "type": "object",
    "properties": {
        "email": {"type": "string", "format": "email"}, "phone": _TEXT, "name": _TEXT, "firstName": _TEXT,
        "company": {"type": "object", "properties": {"id": _TEXT, "name": _TEXT, "employees": {"type": "integer"}}},
        "address": {"type": "object", "properties": {"city": _TEXT, "country": _TEXT}},
    },
}  # fmt: skip
_PROPERTIES: dict[str, Any] = {
    "type": "object",
    "properties": {
        "url": {"type": "string", "format": "uri"}, "path": _TEXT, "referrer": _TEXT, "title": _TEXT,
        "order_id": _TEXT, "revenue": {"type": "number"}, "currency": {"enum": ["EUR", "USD", "JPY", "QQQ", ""]},
        "quantity": {"type": "integer"}, "email": _TEXT,
        "products": {"type": "array", "maxItems": 3, "items": {
            "type": "object", "properties": {"product_id": _TEXT, "price": {"type": "number"}}}},
    },
}  # fmt: skip
_CONTEXT: dict[str, Any] = {
    "type": "object",
    "properties": {
        "ip": {"type": "string", "format": "ipv4"}, "userAgent": _TEXT, "locale": _TEXT, "traits": _TRAITS,
        "groupId": _TEXT,
        "campaign": {"type": "object", "properties": {"name": _TEXT, "source": _TEXT, "medium": _TEXT}},
        "consent": {"type": "object", "properties": {"categoryPreferences": {
            "type": "object", "additionalProperties": {"type": "boolean"}}}},
    },
}  # fmt: skip
EVENT: dict[str, Any] = {
    "type": "object",
    "required": ["type", "anonymousId", "event", "groupId", "previousId"],
    "properties": {
        "type": {"enum": ["track", "identify", "page", "screen", "group", "alias"]},
        "event": {"enum": ["Order Completed", "Product Viewed", "Email Opened", "Video Playback Started", "Own Name"]},
        "name": _TEXT, "userId": _TEXT, "anonymousId": _ID, "previousId": _ID, "groupId": _ID,
        "messageId": _TEXT, "timestamp": _TIME, "originalTimestamp": _TIME, "sentAt": _TIME,
        "properties": _PROPERTIES, "traits": _TRAITS, "context": _CONTEXT, "integrations": _ANYTHING,
    },
}  # fmt: skip
_BATCH: dict[str, Any] = {
    "type": "object",
    "required": ["batch"],
    "properties": {"batch": {"type": "array", "maxItems": 4, "items": EVENT}, "sentAt": _TIME},
}


def _taking(schema: dict[str, Any]) -> dict[str, Any]:
    body = {"required": True, "content": {"application/json": {"schema": schema}}}
    return {"post": {"requestBody": body, "responses": {"200": {"description": "a result for each event"}}}}


OPENAPI: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "intake", "version": "1"},
    "paths": {
        "/v1/batch": _taking(_BATCH),
        **{f"/v1/{name}": _taking(EVENT) for name in ("track", "identify", "page", "group")},
    },
}
