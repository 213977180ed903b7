"""The laws of LEDGER 2 on a whole home: lines of every kind, real exports where the run is a proof, histories on top.

``TWOSTROKE_EXAMPLES=proof``: 50,000 lines of every kind on top of two real exports, 3,000 histories each. Every history
happens in a corner of the same home and is rolled back; two tellings of it are compared by every row either touched.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import override_settings
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests import children, whole_home
from tests.conftest import SHARED
from tests.databases import Prepared, copied, fresh
from tests.every_kind import AT_LEAST, SORTS, Teller, flat, sorts_of, step
from tests.histories import Arrived, arrive, arrived
from tests.watching import Key, Rows, rows_of, touched, watch
from twostroke.identity.models import Identifier
from twostroke.kit.home import Home
from twostroke.ledger import lake, rebuilding
from twostroke.ledger.actions import append, catch_up
from twostroke.ledger.catalogue import current
from twostroke.ledger.facts import LINE_COLUMNS, Line, Message
from twostroke.ledger.projecting import Behind, behind
from twostroke.ledger.queries import accounting, head_seq
from twostroke.ledger.state import state_hash
from twostroke.ledger.verify import verify
from twostroke.metrics.queries import compute

PROOF = os.environ.get("TWOSTROKE_EXAMPLES", "quick") != "quick"
LINES = 50_000 if PROOF else 2_500
# A history on a home costs more than one on an empty log. Fewer of them on the whole home: TWOSTROKE_HISTORIES=100.
HISTORIES = int(os.environ.get("TWOSTROKE_HISTORIES", "3000" if PROOF else "12"))
FOLDERS = [SHARED / "maven-crm", SHARED / "x-education"] if PROOF else []
SO_MANY = hypothesis_settings(max_examples=HISTORIES)
SEEN: Counter[str] = Counter()


@pytest.fixture(scope="module")
def told(
    django_db_setup: Prepared, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Teller]:
    """The home, made once; who told its story."""
    home = Home(tmp_path_factory.mktemp("whole") / "home")
    home.create()
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    with override_settings(TWOSTROKE_HOME=home), django_db_blocker.unblock(), fresh(django_db_setup, f"whole_{worker}"):
        teller = whole_home.fill(LINES, FOLDERS)
        lake.seal(hottest=500)
        watch()
        yield teller


@contextmanager
def rolled_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@st.composite
def histories(draw: st.DrawFn) -> tuple[int, int]:
    """A number everything in the history follows from, and how many steps it has."""
    return draw(st.integers(0, 2**40)), draw(st.integers(1, 8))


def messages_of(told: Teller, history: tuple[int, int]) -> list[Message]:
    """What happens in a history, after all that was told before."""
    seed, steps = history
    teller = told.goes_on(f"h{seed}-", Random(seed))
    messages = flat(step(teller) for _ in range(steps))
    SEEN.update(sorts_of(told.town, messages, told.stored))
    return messages


def live(messages: Sequence[Message], each: Callable[[], None] = lambda: None) -> None:
    """Say each and fold it before the next."""
    for message in messages:
        append([message])
        catch_up()
        each()
    assert behind() == Behind(0, 0, 0)


def lines_since(seq: int) -> list[Arrived]:
    """The messages since a line, as (lines, their side rows by part)."""
    names = ", ".join(f'l."{name}"' for name in LINE_COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {names}, p.salt, p.content FROM ledger_line l LEFT JOIN ledger_personal p "
                       "ON p.seq = l.seq WHERE l.seq > %s ORDER BY l.seq", [seq])  # fmt: skip
        rows = cursor.fetchall()
    groups: dict[tuple[str, str], tuple[list[Line], dict[int, tuple[str, str]]]] = {}
    for row in rows:
        line, (salt, content) = Line._make(row[: len(LINE_COLUMNS)]), row[len(LINE_COLUMNS) :]
        lines, sides = groups.setdefault((line.source, line.message_id), ([], {}))
        lines.append(line)
        if salt is not None:
            sides[line.part] = (salt, content)
    return [(tuple(lines), sides) for lines, sides in groups.values()]


Report = tuple[str, tuple[str, ...], str | None]
REPORTS: tuple[Report, ...] = (
    ("pipeline", ("owner",), None), ("lifecycle", ("channel",), None), ("lifecycle", (), "company"),
    ("touches", (), None),
)  # fmt: skip


def report(asked: Report, as_of: int | None = None) -> list[Any]:
    """A metric's rows, as it stands or as of a line."""
    name, by, grain = asked
    return [(row.key, row.measures) for row in compute(name, by=by, grain=grain, as_of=as_of).rows]


def assert_same(mine: set[Key], theirs: set[Key], one: Rows, other: Rows, *, hashed: bool) -> None:
    """That two tellings left the same rows; what only one of them touched, the other left as it was before both."""
    before = rows_of(mine ^ theirs, hashed=hashed)
    for key in sorted(one.keys() | other.keys(), key=str):
        assert one.get(key, before.get(key)) == other.get(key, before.get(key)), key


@SO_MANY
@given(histories(), st.randoms(use_true_random=False), st.sampled_from(REPORTS))
def test_live_or_at_once_or_in_any_order_the_same_rows_and_reports(
    told: Teller, history: tuple[int, int], luck: Random, asked: Report
) -> None:
    messages, before = messages_of(told, history), head_seq()
    with rolled_back():
        live(messages)
        lines, keys = lines_since(before), touched()
        whole, counted, said = rows_of(keys, hashed=False), rows_of(keys, hashed=True), report(asked)
    with rolled_back():
        arrive(lines, after=before)
        catch_up()
        again = touched()
        at_once = rows_of(again, hashed=False)
    assert_same(keys, again, whole, at_once, hashed=False)
    with rolled_back():
        mixed = luck.sample(lines, len(lines))
        middle = luck.randrange(len(mixed) + 1)
        arrive(mixed[:middle], after=before)
        catch_up()
        arrive(mixed[middle:], after=head_seq())
        catch_up()
        again = touched()
        any_order = rows_of(again, hashed=True)
        assert report(asked) == said
    assert_same(keys, again, counted, any_order, hashed=True)


@SO_MANY
@given(histories(), st.randoms(use_true_random=False))
def test_a_message_any_number_of_times_is_once(told: Teller, history: tuple[int, int], luck: Random) -> None:
    messages = messages_of(told, history)
    with rolled_back():
        live(messages)
        before, rows = touched(), rows_of(touched(), hashed=False)
        stored = sum(one.stored for one in accounting())
        again = luck.choices(messages, k=3)
        live(again)
        assert sum(one.stored for one in accounting()) == stored
        assert touched() == before
        assert rows_of(before, hashed=False) == rows


@SO_MANY
@given(histories(), st.integers(0, 10), st.sampled_from(REPORTS))
def test_as_of_a_line_is_what_was_live_then(told: Teller, history: tuple[int, int], which: int, asked: Report) -> None:
    messages = messages_of(told, history)
    moment = which % len(messages)
    with rolled_back():
        seen: list[tuple[int, list[Any]]] = []
        live(messages, lambda: seen.append((head_seq(), report(asked) if len(seen) == moment else [])))
        seq, then = seen[moment]
        assert report(asked, as_of=seq) == then


def test_every_kind_stands_twenty_times_and_more(told: Teller, capsys: pytest.CaptureFixture[str]) -> None:
    counted = whole_home.kinds()
    with capsys.disabled():
        rarest, times = min(counted.items(), key=lambda item: item[1])
        print(f"\n  {counted.total()} lines of {len(counted)} kinds; the rarest is {rarest}, {times} times")
    assert {kind.name for kind in current()} == counted.keys()
    assert min(counted.values()) >= AT_LEAST
    assert counted.total() >= LINES


@pytest.fixture
def kept(told: Teller) -> Iterator[Teller]:
    """A copy of the home in which many histories stay, one after the other."""
    with copied("kept_" + os.environ.get("PYTEST_XDIST_WORKER", "main")):
        for seed in range(HISTORIES):
            for message in messages_of(told, (seed, 1 + seed % 4)):
                with transaction.atomic():
                    append([message])
                catch_up()
        yield told


def test_histories_that_stay_leave_what_a_rebuild_and_any_order_of_arrival_give(
    kept: Teller, django_db_setup: Prepared
) -> None:
    assert verify().problems == ()
    assert rebuilding.check() == []
    expected, messages, identifiers = state_hash(), arrived(), list(Identifier.objects.all())
    Random(1).shuffle(messages)
    with fresh(django_db_setup, "mixed_" + os.environ.get("PYTEST_XDIST_WORKER", "main")):
        Identifier.objects.bulk_create(identifiers)
        arrive(messages)
        catch_up()
        assert state_hash() == expected


@pytest.mark.postgres
def test_both_databases_give_the_same_state(told: Teller, tmp_path: Path) -> None:
    """The same story told in a process of its own on SQLite, killed in the middle and told on."""
    home = Home(tmp_path / "home")
    home.create(settings.TWOSTROKE_KEY)
    environment = children.environment(TWOSTROKE_HOME=str(home.path))
    del environment["TWOSTROKE_DATABASE_URL"]
    words = [sys.executable, "-m", "tests.whole_home", str(LINES), *map(str, FOLDERS)]
    with subprocess.Popen(words, env=environment, cwd=children.ROOT, stdout=subprocess.DEVNULL) as process:
        children.until(lambda: process.poll() is not None or lines_in(home.path / "twostroke.db") > LINES // 2)
        process.kill()
    assert process.returncode == -signal.SIGKILL
    said = subprocess.run(words, env=environment, cwd=children.ROOT, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    assert json.loads(said.stdout.splitlines()[-1]) == state_hash()


def lines_in(database: Path) -> int:
    """How many lines another process has put on the log of this file so far."""
    try:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as looking:
            return int(looking.execute("SELECT seq FROM ledger_head").fetchone()[0])
    except (sqlite3.OperationalError, TypeError):
        return 0


def test_the_run_held_every_sort_of_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Stands last: says how many of each the histories of this run held, and fails if a sort was missing."""
    with capsys.disabled():
        print("\n  " + ", ".join(f"{sort}: {SEEN[sort]}" for sort in SORTS))
    assert SEEN.total() < 500 or all(SEEN[sort] for sort in SORTS)  # a worker may have had next to none
