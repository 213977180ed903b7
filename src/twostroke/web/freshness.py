"""What may be kept from one look to the next: whatever follows from the log alone, as long as no line is added."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

from twostroke.ledger.projecting import behind
from twostroke.ledger.queries import head_seq, lines_after

T = TypeVar("T")


def newest_line() -> str:
    """The name of the newest line on the log, ``""`` on an empty one: two logs that differ never share it."""
    seq = head_seq()
    return lines_after(seq - 1, 1)[0].event_id if seq else ""


class Kept(Generic[T]):
    """Answers that follow from the log, kept in this process as long as ``follows`` says the same; ``most`` of them.

    By itself that is the newest line. While tables are behind the log nothing is kept: the next look may see more of
    the same lines.
    """

    def __init__(self, most: int = 32, follows: Callable[[], Hashable] = newest_line) -> None:
        self._most, self._follows = most, follows
        self._lock = Lock()
        self._mark: Hashable = None
        self._answers: OrderedDict[Hashable, T] = OrderedDict()

    def get(self, question: Hashable, answer: Callable[[], T]) -> T:
        """The answer to ``question``: as kept, else asked anew."""
        mark = self._follows()
        with self._lock:
            if self._mark != mark:
                self._mark = mark
                self._answers.clear()
            if question in self._answers:
                return self._answers[question]
        found = answer()
        late = behind()
        if not late.lines and not late.units:
            with self._lock:
                if self._mark == mark:
                    self._answers[question] = found
                    while len(self._answers) > self._most:
                        self._answers.popitem(last=False)
        return found
