"""What is done for each kind of job. The site puts it here when Django starts; nobody else does."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from twostroke.queue.facts import Leased

Handler = Callable[[Leased], None]

_installed: dict[str, Handler] = {}


def install(handlers: Mapping[str, Handler]) -> None:
    """From now on these, and only these, kinds of jobs can be done."""
    _installed.clear()
    _installed.update(handlers)


def handler_of(kind: str) -> Handler | None:
    """What to call for a job of this kind; None where this program knows no such work."""
    return _installed.get(kind)
