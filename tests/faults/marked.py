"""The intake as it is, with marks on what it is at: ``python -m tests.faults.marked --fd N --marks FILE``.

Loads the program once. For each line it reads it forks a server, tells its process id, waits until that was killed and
tells so: so a server is there again at once, though Python takes a second to begin. A line names the phase in which the
server is to be killed by the kernel's timer: ``transaction``, ``answer``, ``checkpoint``, or ``none``.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, MutableMapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.faults.marks import Aim, Marks

if TYPE_CHECKING:
    from twostroke.receiving.app import Receiving

FLYING = 4
# Ten times as often as by itself, so that a thousand kills within one do not take an hour.
_CHECKPOINT_SECONDS = 0.1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fd", type=int)
    parser.add_argument("--marks", type=Path)
    options = parser.parse_args()
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "twostroke.site.settings"
    django.setup()
    import uvicorn  # noqa: F401 - loaded before the fork, like all the rest

    from twostroke.receiving.__main__ import serve
    from twostroke.receiving.app import Receiving

    marks = Marks(options.marks)
    while line := sys.stdin.readline():
        child = os.fork()
        if not child:
            serve(_Seen(Receiving(), marks, line.strip()), fd=options.fd)  # type: ignore[arg-type]
            os._exit(0)
        print(child, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


class _Seen:
    """The application; counts what comes in and what goes out."""

    def __init__(self, app: Receiving, marks: Marks, phase: str) -> None:
        self._app, self._marks = app, marks
        self._aim = Aim("" if phase == "none" else phase, marks, flying=FLYING)
        _mark_checkpoints(marks, self._aim)
        _mark_the_writer(app, marks, self._aim)

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        status = 0

        async def sent(message: MutableMapping[str, Any]) -> None:
            nonlocal status
            await send(message)
            status = message.get("status", status)

        self._marks.add("received")
        await self._app(scope, receive, sent)
        self._marks.add("answered")
        if status == 200:
            self._marks.add("told")
            if self._marks.get("told") >= self._marks.get("committed"):
                self._aim.ends("answer")


def _mark_the_writer(app: Receiving, marks: Marks, aim: Aim) -> None:
    from twostroke.receiving import writer
    from twostroke.receiving.writer import Busy, Job

    append, write, put = writer.append, app.writer._write, app.writer.put
    app.writer._checkpoints.seconds = _CHECKPOINT_SECONDS

    def appending(*given: Any, **more: Any) -> Any:
        marks.put("transaction", 1)  # BEGIN has returned
        aim.begins("transaction")
        return append(*given, **more)

    def writing(translated: Sequence[Any]) -> Any:
        try:
            return write(translated)
        finally:
            aim.ends("transaction")  # COMMIT has returned
            marks.put("transaction", 0)

    def putting(job: Job) -> Busy | None:
        def done(said: Any) -> None:
            if not isinstance(said, Busy):
                first = marks.get("committed") <= marks.get("told")
                marks.add("committed")
                if first:
                    aim.begins("answer")
            job.done(said)

        return put(Job(job.envelope, job.events, done, job.at, job.whole))

    writer.append = appending  # type: ignore[assignment]
    app.writer._write, app.writer.put = writing, putting  # type: ignore[method-assign]


def _mark_checkpoints(marks: Marks, aim: Aim) -> None:
    """Where SQLite is told to move its write-ahead log. Django lets everybody look at what is executed."""
    from django.db.backends.signals import connection_created

    def executed(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if "wal_checkpoint" not in sql:
            return execute(sql, params, many, context)
        until = time.monotonic() + 0.1  # those who were just answered have their next requests on the way
        while marks.flying < FLYING and time.monotonic() < until:
            time.sleep(0.001)
        marks.put("checkpoint", 1)
        aim.begins("checkpoint")
        try:
            return execute(sql, params, many, context)
        finally:
            aim.ends("checkpoint")
            marks.put("checkpoint", 0)
            marks.add("moved")

    def connected(connection: Any, **more: Any) -> None:
        connection.execute_wrappers.append(executed)

    connection_created.connect(connected, weak=False)


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        main()
