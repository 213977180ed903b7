"""What is answered: a result for each event, or a sentence for the whole request. ``docs/reference/intake.md``."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

_JSON = ("content-type", "application/json; charset=utf-8")


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, body and headers of an answer."""

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()


class Result(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of one event: ``stored``, ``duplicate`` or ``quarantined``, then with code and message."""

    status: str
    code: str = ""
    message: str = ""


@dataclass(slots=True)
class Counted:
    """How many requests were answered how, since the server began."""

    by_status: dict[int, int] = field(default_factory=dict)

    def count(self, status: int) -> None:
        self.by_status[status] = self.by_status.get(status, 0) + 1


def results(of: Sequence[Result]) -> Answer:
    """200 with the result of each event, in the order they were sent."""
    return told(200, {"success": True, "results": of})


def told(status: int, said: Mapping[str, Any], *headers: tuple[str, str]) -> Answer:
    """An answer with this JSON."""
    return Answer(status, msgspec.json.encode(said), (_JSON, *headers))


def refused(status: int, code: str, sentence: str, *headers: tuple[str, str]) -> Answer:
    """A request that was not taken, and why."""
    return told(status, {"success": False, "code": code, "message": sentence}, *headers)


def later(status: int, code: str, sentence: str, seconds: float) -> Answer:
    """Nothing of the request was taken; the same request is welcome after ``seconds``."""
    said = {"success": False, "code": code, "message": sentence}
    return told(status, said, ("retry-after", str(max(1, math.ceil(seconds)))))
