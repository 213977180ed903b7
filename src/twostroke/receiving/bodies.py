"""The bodies of requests, read part by part: within the limit of one, and of all that come at once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

from twostroke.receiving import answers, requests
from twostroke.receiving.answers import Answer
from twostroke.receiving.requests import RequestError

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

# Of bodies that have come in part only, all together.
MOST_COMING_BYTES = 64_000_000


class NotTakenError(Exception):
    """Nothing of a request is taken or counted: there is no room, or nobody is there any more."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer


@dataclass(slots=True)
class Bodies:
    """What has come of bodies that are not complete, in bytes."""

    coming: int = 0

    async def read(self, receive: Receive) -> tuple[bytes, RequestError | None]:
        """The body, or why it is not taken; of one that is too large the rest is read and thrown away.

        Raises ``NotTakenError``: whose connection ends before the body does will send all of it again.
        """
        body = bytearray()
        size = 0
        try:
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise NotTakenError(answers.refused(400, "cut_off", "The connection ended before the body did."))
                part: bytes = message.get("body", b"")
                more = message.get("more_body", False)
                if not size and not more:
                    return _within(part, len(part))
                size += len(part)
                self._keep(body, part)
                if not more or size > 8 * requests.LARGEST:
                    return _within(bytes(body), size)
        finally:
            self.coming -= len(body)

    def _keep(self, body: bytearray, part: bytes) -> None:
        if len(body) > requests.LARGEST:
            return
        body += part
        self.coming += len(part)
        if self.coming > MOST_COMING_BYTES:
            raise NotTakenError(
                answers.later(503, "overloaded", "Too much is being sent at once. Send it again shortly.", 1)
            )


def _within(body: bytes, size: int) -> tuple[bytes, RequestError | None]:
    return (body, None) if size <= requests.LARGEST else (b"", requests.too_large(body))
