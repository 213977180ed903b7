"""``twostroke import --watch DIR``: looks every second, says what came in and what was put aside, until Ctrl-C."""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

from twostroke.cli.noting import note_verb
from twostroke.cli.output import Failure, Progress, count, say

if TYPE_CHECKING:
    from twostroke.connectors.files.watching import Brought, Watch

_SECONDS = 1.0


def watch(folder: Path, *, source: str, news: bool, as_json: bool, rounds: int | None = None) -> int:
    """Watch ``folder`` until a Ctrl-C, or for so many ``rounds``."""
    from twostroke.connectors.files.watching import Watch

    if not folder.is_dir():
        raise Failure(f"{folder} is no folder. --watch takes one folder.", 2)
    watched = Watch(folder, source=source, news=news)
    if not as_json:
        say(f"Watching {watched.folder}: files at rest for five seconds come in. Ctrl-C ends it.")
    try:
        while rounds is None or rounds > 0:
            _round(watched, as_json)
            rounds = None if rounds is None else rounds - 1
            if rounds != 0:
                time.sleep(_SECONDS)
    except KeyboardInterrupt:
        say("Stopped. What is in stays in; the same command goes on with it.")
    return 0


def _round(watched: Watch, as_json: bool) -> None:
    from twostroke.intake.facts import ImportBusyError
    from twostroke.kit.time import now_millis

    for group in watched.look(now_millis()):
        progress = Progress("Bringing in")
        try:
            brought = watched.bring_in(group, progress)
        except ImportBusyError:
            continue  # another process has these files; looked at again in a second
        finally:
            progress.end()
        if brought.report is not None:
            # At once: a watch ends by a kill as often as by a Ctrl-C.
            note_verb("import", argparse.Namespace(noted=[("import", brought.report.import_id)]))
        _tell(brought, as_json)


def _tell(brought: Brought, as_json: bool) -> None:
    from twostroke.cli.import_ import report_text
    from twostroke.intake.queries import report_json

    parked = [{"file": str(one.path), "reason": one.reason} for one in brought.parked]
    if as_json:
        told = report_json(brought.report) if brought.report else {"import": None, "files": []}
        print(json.dumps({**told, "parked": parked}, ensure_ascii=False), flush=True)
        return
    if brought.report is not None:
        say(report_text(brought.report))
        say(f"Import {brought.report.import_id}: {count(brought.report.lines, 'line')} on the log.")
    for one in brought.parked:
        say(f"! {one.path.name} was put aside: {one.reason}\n  What to do stands beside it: {one.path}.why.txt")
