"""The ASGI application: addresses, keys, budgets, and the way of a request through them to the writer and back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any

from twostroke.intake.facts import Envelope, RefusedError
from twostroke.kit.time import now_millis
from twostroke.ledger.facts import Trust
from twostroke.receiving import answers, browsers, requests
from twostroke.receiving.answers import Answer, Counted, Result
from twostroke.receiving.bodies import Bodies, NotTakenError, Receive
from twostroke.receiving.budgets import Budgets
from twostroke.receiving.health import Health
from twostroke.receiving.keyring import FLUSH_SECONDS, Keyring, KeysUnreadableError
from twostroke.receiving.requests import Parcel, RequestError
from twostroke.receiving.writer import Busy, Job, Writer
from twostroke.team.facts import ApiKey, Scope

Scoped = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

# Events a second, and at once, that one source may send; and how many of those may be broken.
RATE, BURST = 2_000.0, 20_000.0
BROKEN_RATE, BROKEN_BURST = 20.0, 5_000.0
PATIENCE_SECONDS = 30.0
_NO_SUCH_KEY = "There is no such key, or it has ended. See: twostroke keys list"
_NO_KEY = "The request has no key: send it as the user name of Basic authorization, or as writeKey in the body."
_NOT_IN_TIME = Busy(503, "storage", "It was not stored in time. Send it again: what is stored is not stored twice.", 5)


@dataclass(frozen=True, slots=True)
class Door:
    """An address that takes events: how they are spelled, whether it takes many, and the type of a single one."""

    dialect: str
    batch: bool = False
    type: str = ""


_TYPES = ("track", "identify", "page", "screen", "group", "alias")
DOORS: dict[str, Door] = {
    "/v1/batch": Door("segment", batch=True),
    "/v1/import": Door("segment", batch=True),
    "/batch": Door("posthog", batch=True),
    **{f"/v1/{name}": Door("segment", type=name) for name in _TYPES},
    # What Segment's client for browsers says for short, and RudderStack's when a page closes.
    **{f"/v1/{name[0]}": Door("segment", type=name) for name in _TYPES},
    "/v1/b": Door("segment", batch=True),
    "/beacon/v1/batch": Door("segment", batch=True),
}


@dataclass(slots=True)
class Asked:
    """A request as it is answered: its headers, who sends, and from where."""

    scope: Scoped
    headers: dict[bytes, bytes]
    address: str
    key: ApiKey | None = None

    def header(self, name: bytes) -> str:
        return self.headers.get(name, b"").decode("latin-1")


@dataclass(slots=True)
class Receiving:
    """The application. ``start`` and ``stop`` are called by the server's lifespan."""

    keyring: Keyring = field(default_factory=Keyring)
    rates: Budgets = field(default_factory=lambda: Budgets(RATE, BURST))
    counted: Counted = field(default_factory=Counted)
    bodies: Bodies = field(default_factory=Bodies)
    writer: Writer = field(init=False)
    _health: Health = field(init=False)
    _flushed: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.writer = Writer(quarantine=Budgets(BROKEN_RATE, BROKEN_BURST), between=self._between)
        self._health = Health(self.writer, self.counted)

    async def __call__(self, scope: Scoped, receive: Receive, send: Send) -> None:
        """One connection's request, or the server's beginning and end."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http":
            asked = Asked(scope, dict(scope["headers"]), (scope.get("client") or ("unknown", 0))[0])
            answer = await self._answer(asked, receive)
            self.counted.count(answer.status)
            await _send(send, answer, browsers.headers_for(asked.header(b"origin"), asked.key, self.keyring))

    def start(self) -> None:
        self.keyring.refresh()
        self.writer.start()

    def stop(self) -> None:
        """Store what waits, write down what keys were used, end."""
        self.writer.stop()
        self.keyring.flush()

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await asyncio.to_thread(self.start)
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await asyncio.to_thread(self.stop)
                await send({"type": "lifespan.shutdown.complete"})
                return

    def _between(self) -> None:
        """On the writer's thread, about once a second."""
        self.keyring.refresh()
        if time.monotonic() - self._flushed >= FLUSH_SECONDS:
            self._flushed = time.monotonic()
            self.keyring.flush()

    async def _answer(self, asked: Asked, receive: Receive) -> Answer:
        path, method = asked.scope["path"], asked.scope["method"]
        door = DOORS.get(path.rstrip("/"))
        if method == "OPTIONS":
            return browsers.preflight(asked.header(b"access-control-request-headers"))
        if door is None and method in ("GET", "HEAD"):
            return await self._look(asked, path)
        if door is None:
            return answers.refused(404, "no_such_address", "There is nothing here. See docs/reference/intake.md.")
        if method != "POST":
            return answers.refused(405, "method", "Events are sent with POST.", ("allow", "POST, OPTIONS"))
        return await self._take(asked, door, receive)

    async def _look(self, asked: Asked, path: str) -> Answer:
        if path == "/healthz":
            return await self._health.answer()
        try:
            return await browsers.settings_for(asked.scope, path, asked.header(b"authorization"), self.keyring)
        except KeysUnreadableError:
            return answers.later(503, "storage", "The database does not answer: keys cannot be looked up just now.", 2)

    async def _take(self, asked: Asked, door: Door, receive: Receive) -> Answer:
        said = requests.basic_key(asked.header(b"authorization")) or browsers.key_in_query(asked.scope)
        try:
            body, refused = await self.bodies.read(receive)
        except NotTakenError as error:
            return error.answer
        if refused is None:
            try:
                body = requests.unpacked(body)
            except RequestError as error:
                refused = error
        # Nothing is looked at closely before it is known who sends: anybody may send what takes long to read.
        said = said or (requests.key_of(body) if refused is None else requests.key_in(refused.kept))
        try:
            key = await self.keyring.find(said)
        except KeysUnreadableError:
            return answers.later(503, "storage", "The database does not answer: keys cannot be looked up just now.", 2)
        if key is None:
            self.keyring.count_wrong(asked.address)
            return answers.refused(401, "unknown_key", _NO_SUCH_KEY if said else _NO_KEY)
        asked.key = key
        not_from_here = browsers.refusal(asked.header(b"origin"), key, self.keyring)
        if not_from_here is not None:
            return not_from_here
        parcel = Parcel(())
        if refused is None:
            try:
                parcel = requests.cut(body, batch=door.batch, type_=door.type, sent=asked.header(b"sentat"))
            except RequestError as error:
                refused = error
        return await self._queue(key, door, parcel, refused)

    async def _queue(self, key: ApiKey, door: Door, parcel: Parcel, refused: RequestError | None) -> Answer:
        if refused is None and not door.batch and not requests.is_json(parcel.events[0]):
            refused = RequestError(400, "unparseable", "The body is no JSON.", parcel.events[0])
        size = len(parcel.events) if refused is None else 1
        wait = self.rates.take(key.source, size, time.monotonic())
        if wait:
            return answers.later(429, "too_fast", "This source sends faster than it may. Send it again later.", wait)
        trust = Trust.CLAIMED if key.scope is Scope.INTAKE_PUBLIC else Trust.KNOWN
        envelope = Envelope(key.source, door.dialect, trust, now_millis(), parcel.fills)
        if refused is None:
            return _answered(await self._stored(envelope, parcel.events, None))
        held = await self._stored(envelope, (refused.kept,), RefusedError(refused.code, refused.sentence))
        if isinstance(held, Busy):
            return _answered(held)
        return answers.refused(refused.status, refused.code, refused.sentence)

    async def _stored(
        self, envelope: Envelope, events: tuple[bytes, ...], whole: RefusedError | None
    ) -> list[Result] | Busy:
        """What became of the events, after the commit that holds them."""
        if not events:
            return []
        loop = asyncio.get_running_loop()
        future: asyncio.Future[list[Result] | Busy] = loop.create_future()

        def settle(said: list[Result] | Busy) -> None:
            if not future.done():
                future.set_result(said)

        def done(said: list[Result] | Busy) -> None:
            loop.call_soon_threadsafe(settle, said)

        busy = self.writer.put(Job(envelope, events, done, time.monotonic(), whole))
        if busy is not None:
            return busy
        patience = loop.call_later(PATIENCE_SECONDS, settle, _NOT_IN_TIME)
        try:
            return await future
        finally:
            patience.cancel()


def _answered(said: list[Result] | Busy) -> Answer:
    if isinstance(said, Busy):
        return answers.later(said.status, said.code, said.sentence, said.seconds)
    return answers.results(said)


async def _send(send: Send, answer: Answer, more: tuple[tuple[str, str], ...]) -> None:
    headers = [(name.encode(), value.encode("latin-1")) for name, value in (*answer.headers, *more)]
    headers.append((b"content-length", str(len(answer.body)).encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})
