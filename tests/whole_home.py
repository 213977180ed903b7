"""The home of the proofs: real exports, and a town's lines of every kind, brought in by the doors that people use.

``python -m tests.whole_home LINES [FOLDER …]`` fills the home and database of the environment and prints the state
hash as JSON; killed, the same command goes on. Equal words give the equal state on either database: the clock is the
story's.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.every_kind import Teller, Town

# Messages in one transaction: few enough to be a short one.
_AT_ONCE = 100
_BEGAN = 1_790_000_000_000_000
_SECOND = 1_000_000


def main(lines: int, folders: Sequence[Path]) -> None:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "twostroke.site.settings"
    django.setup()
    from django.core.management import call_command

    from twostroke.ledger.state import state_hash

    call_command("migrate", verbosity=0, interactive=False)
    fill(lines, folders)
    print(json.dumps(state_hash()))


def fill(lines: int, folders: Sequence[Path] = ()) -> Teller:
    """Bring in what is not in yet: files, the town's lines, its erasures; all folded. Returns who told the story."""
    from random import Random

    from django.conf import settings

    from tests.every_kind import Teller, town_of
    from twostroke.kit.time import set_clock
    from twostroke.ledger.actions import catch_up

    teller = Teller(town_of(settings.TWOSTROKE_KEY, lines), Random(1))
    set_clock(lambda: _BEGAN)
    try:
        _define()
        for number, folder in enumerate(folders, 1):
            set_clock(lambda number=number: _BEGAN + number * _SECOND)  # type: ignore[misc]
            _bring_files(folder)
        _tell(teller, lines)
        catch_up()
        _erase(teller.town)
        catch_up()
    finally:
        set_clock(None)
    return teller


def _define() -> None:
    from twostroke.ledger.actions import change_definition
    from twostroke.ledger.facts import CURRENCY, ZONE
    from twostroke.ledger.queries import definition

    for name, value in ((ZONE, "Europe/Berlin"), (CURRENCY, "EUR")):
        if definition(name) is None:
            change_definition(name=name, value=value)


def _bring_files(folder: Path) -> None:
    from tests.functional.import_steps import twostroke
    from twostroke.intake.queries import imports

    if any(one.source == folder.name and one.state == "done" for one in imports()):
        return  # one that was killed goes on where it stopped
    said = twostroke("import", folder, "--as", folder.name, "--json")
    assert said.code == 0, said.err


def _tell(teller: Teller, lines: int) -> None:
    """The town's story from where an earlier run stopped: chunks come in whole and in order."""
    from django.db import transaction

    from tests.every_kind import SOURCES, flat, story
    from twostroke.identity.actions import store_identifiers
    from twostroke.kit.time import set_clock
    from twostroke.ledger.actions import append, catch_up
    from twostroke.ledger.queries import accounting

    done = sum(one.stored for one in accounting() if one.source in SOURCES)
    messages = flat(story(teller, lines))
    if not done:
        store_identifiers(teller.town.minted)
    for start in range(done, len(messages), _AT_ONCE):
        set_clock(lambda start=start: _BEGAN + (1000 + start) * _SECOND)  # type: ignore[misc]
        with transaction.atomic():
            append(messages[start : start + _AT_ONCE])
        if start % (50 * _AT_ONCE) == 0:
            catch_up()


def _erase(town: Town) -> None:
    """Persons of the town lose what is personal, by the log's own verb, until that kind stands often enough, too."""
    from tests.every_kind import AT_LEAST
    from twostroke.ledger.erasing import erase, lines_naming

    for mine in reversed(town.persons):
        if kinds()["erasure.done"] >= AT_LEAST:
            return
        seqs = {line.seq for line in lines_naming(mine) if line.personal_digest is not None}
        erase(subject=mine[0], seqs=seqs, held=())


def kinds() -> Counter[str]:
    """Lines on the log by kind."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, count(*) FROM ledger_line GROUP BY kind")
        return Counter(dict(cursor.fetchall()))


if __name__ == "__main__":
    main(int(sys.argv[1]), [Path(word) for word in sys.argv[2:]])
