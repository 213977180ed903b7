"""A connection: its requests must come within a length and a time. Source: RFC 9110 (408, 431), RFC 9112.

The server beneath waits for ever for what was begun, and keeps whatever a head is made of. Anybody may connect: so a
head that does not end and a request that does not come are given up here, before there is a request to be judged.
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from twostroke.receiving import answers
from twostroke.receiving.answers import Answer

# Cookies and all that proxies add fit in easily.
LONGEST_HEAD = 65_536
# The largest request over the slowest of telephone lines (8 kB a second).
SLOWEST_SECONDS = 60.0


class Wire(HttpToolsProtocol):
    """The protocol of one connection. What came at once costs nothing more: only what is left unfinished is watched."""

    longest_head, slowest = LONGEST_HEAD, SLOWEST_SECONDS
    _begun = 0  # requests so far
    _head: int | None = None  # bytes of a head that has not ended
    _open = False  # a request has come in part
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._unwatch()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        before, was_open = self._begun, self._open
        super().data_received(data)
        began = self._begun > before
        if began or (was_open and not self._open):
            self._unwatch()
        if self._deadline is None and (self._open or not (began or was_open)):
            self._watch()
        # Where none was under way and one began, all that came is its head; of a later one it is not known how much.
        if self._head is not None and self._begun in (before, before + (not was_open)):
            self._head += len(data)
            if self._head > self.longest_head:
                self._give_up(answers.refused(431, "head_too_long", "The headers of a request may have 64 kB."))

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._begun += 1
        self._head, self._open = 0, True

    def on_headers_complete(self) -> None:
        self._head = None
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._open = False
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """What is no HTTP."""
        self._hang_up(answers.refused(400, "not_http", "This is no request of HTTP/1.1."))

    def _watch(self) -> None:
        self._deadline = self.loop.call_later(self.slowest, self._too_slow)

    def _unwatch(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _too_slow(self) -> None:
        self._deadline = None
        answered = self.cycle is None or self.cycle.response_complete
        if self._open and self._next():
            self._give_up(answers.refused(408, "too_slow", "The request did not come within a minute. Send it again."))
        elif answered:
            self._hang_up(None)
        else:
            self._watch()

    def _next(self) -> bool:
        """Whether what was begun is what is to be answered next: those before it are answered."""
        answered = self.cycle is None or self.cycle.response_complete
        return answered if self._head is not None else not self.pipeline and not answered

    def _give_up(self, answer: Answer) -> None:
        """Hang up on a request that was begun; without a word where none was, or it is not its turn."""
        self._hang_up(answer if self._begun and self._next() else None)

    def _hang_up(self, answer: Answer | None) -> None:
        if self.transport.is_closing():
            return
        if answer is not None:
            said = [f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}".encode()]
            said += [f"{name}: {value}".encode() for name, value in answer.headers]
            said += [b"content-length: %d" % len(answer.body), b"connection: close", b"", answer.body]
            self.transport.write(b"\r\n".join(said))
        self.transport.close()
