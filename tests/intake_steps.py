"""Steps of the tests that send events: a server of this process on a real port, and what clients put on the wire."""

from __future__ import annotations

import base64
import gzip
import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import uvicorn

from twostroke.ledger.facts import Accounting
from twostroke.ledger.queries import accounting
from twostroke.receiving.app import Receiving
from twostroke.receiving.wire import Wire
from twostroke.team.actions import create_key
from twostroke.team.facts import Scope

WEB = "https://www.example.com"


@dataclass(frozen=True, slots=True)
class Got:
    """An answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def said(self) -> list[str]:
        """What became of each event: its status, with the code where there is one."""
        return [" ".join(filter(None, (one["status"], one.get("code")))) for one in self.json["results"]]


@dataclass(frozen=True, slots=True)
class Served:
    """A running intake: where it is, and a public and a secret key of the source ``web``."""

    app: Receiving
    port: int
    public: str
    secret: str

    def post(self, path: str, body: Any, *, key: str | None = None, zipped: bool = False, **headers: str) -> Got:
        """Send ``body`` (bytes as they are, anything else as JSON). ``key``: the secret one, ``""`` for none."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        said = self.secret if key is None else key
        if said:
            told["Authorization"] = basic(said)
        return self.ask("POST", path, gzip.compress(data) if zipped else data, told)

    def batch(self, *events: Any, **more: Any) -> Got:
        return self.post("/v1/batch", {"batch": list(events)}, **more)

    def ask(self, method: str, path: str, data: bytes | None = None, headers: dict[str, str] | None = None) -> Got:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, data, headers or {})
            answer = connection.getresponse()
            return Got(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            connection.close()


def basic(key: str) -> str:
    return "Basic " + base64.b64encode(f"{key}:".encode()).decode()


@contextmanager
def serving(app: Receiving | None = None, origins: Sequence[str] = (WEB,), wire: type[Wire] = Wire) -> Iterator[Served]:
    """An intake on a free port of this machine, on this test's database. Needs the fixture ``fresh_database``."""
    public = create_key(name="web", scope=Scope.INTAKE_PUBLIC, origins=origins).text
    secret = create_key(name="web-server", scope=Scope.INTAKE_SECRET, source="web").text
    app = app or Receiving()
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, http=wire, lifespan="on", log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    try:
        yield Served(app, listener.getsockname()[1], public, secret)
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


def page(number: int = 1, **more: Any) -> dict[str, Any]:
    """A page view as a client sends it."""
    said = {"url": f"https://www.example.com/{number}", "path": f"/{number}", "title": f"Page {number}"}
    return {"type": "page", "anonymousId": "visitor-1", "messageId": f"page-{number}", "properties": said, **more}


def order(number: int = 1, **more: Any) -> dict[str, Any]:
    """A completed order with revenue."""
    said = {"order_id": f"o-{number}", "revenue": 12.5, "currency": "EUR"}
    event = {"type": "track", "event": "Order Completed", "userId": "u-1", "messageId": f"order-{number}"}
    return {**event, "properties": said, **more}


def accounts(source: str = "web") -> tuple[int, int, int, int]:
    """Received, stored, duplicate, quarantined."""
    found = next((one for one in accounting() if one.source == source), Accounting(source, 0, 0, 0, 0))
    return found.received, found.stored, found.duplicate, found.quarantined
