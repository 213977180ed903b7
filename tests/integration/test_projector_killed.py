"""The process that folds the log is killed between what it writes and its cursor: the tables stay what the log says.

``TWOSTROKE_KILLS=100`` runs the proof.
"""

from __future__ import annotations

import os
import random
import signal
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction

from tests.children import child
from tests.every_kind import Teller, step, town_of
from twostroke.identity.actions import store_identifiers
from twostroke.ledger import rebuilding
from twostroke.ledger.actions import append, catch_up
from twostroke.ledger.projecting import Behind, behind
from twostroke.ledger.verify import verify

pytestmark = pytest.mark.usefixtures("fresh_database")

KILLS = int(os.environ.get("TWOSTROKE_KILLS", "4"))


def test_killed_between_write_and_cursor_a_rebuild_finds_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chance = random.Random(os.environ.get("TWOSTROKE_SEED"))
    teller = Teller(town_of(settings.TWOSTROKE_KEY, 500), chance)
    store_identifiers(teller.town.minted)
    killed: Counter[str] = Counter()
    while killed.total() < KILLS:
        for _ in range(chance.randrange(1, 12)):
            with transaction.atomic():
                append(step(teller))
        when = chance.choice(("before", "after"))
        words = ("-m", "tests.torn_projector", str(chance.randrange(1, 12)), when)
        with child(*words, output=tmp_path / "output") as process:
            ended = process.wait(60)
        assert ended in (0, -signal.SIGKILL), (tmp_path / "output").read_text()
        if ended:
            killed[when] += 1
            assert behind() != Behind(0, 0, 0)
            if chance.random() < 0.5:  # the next one begins where this one was torn, or all is folded by another first
                assert rebuilding.check() == []
    assert rebuilding.check() == []
    catch_up()
    assert behind() == Behind(0, 0, 0)
    assert verify().problems == ()
    before, after = killed["before"], killed["after"]
    with capsys.disabled():
        print(f" killed {before} times before the cursor moved, {after} times before that was committed", end=" ")
