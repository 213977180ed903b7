"""State is a function of the set of lines (LEDGER 2): random histories of acts, files, corrections and undos.

Each property tells a story of plain messages, gives it to an empty log in one world, does the same differently in
another, and compares what follows: by the state hash, or row by row where surrogate ids alone may differ.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from tests.histories import (
    DAY_ONE,
    Story,
    arrive,
    arrived,
    counting,
    deal,
    nothing_stays,
    oid,
    person,
    rows_now,
    state_now,
    without_stamp,
    write,
)
from tests.spec.lines_in_force import counting_messages
from twostroke.kit.time import DAY_MS
from twostroke.ledger import projecting
from twostroke.ledger.facts import LINE_COLUMNS, Draft, Outcome
from twostroke.ledger.projecting import behind, catch_up, start_again
from twostroke.ledger.queries import accounting, every_line

pytestmark = pytest.mark.django_db

NAMES = ("a", "b", "c")
SEEN: Counter[str] = Counter()
_AMOUNTS = (None, 100, 200)
_ZONES = ("UTC", "Asia/Tokyo", "America/New_York")


def _note(what: str) -> None:
    SEEN[what] += 1
    event(what)


@st.composite
def whens(draw: st.DrawFn) -> dict[str, int]:
    """A time few others have, one that many have, a day, or none."""
    sort = draw(st.sampled_from(["exact", "equal", "late", "day", "unknown"]))
    _note(f"time {sort}")
    if sort == "exact":
        return {"at": DAY_ONE + draw(st.integers(0, 3 * DAY_MS))}
    if sort == "equal":
        return {"at": DAY_ONE + DAY_MS}
    if sort == "late":
        return {"at": draw(st.integers(0, 10))}
    return {"day": 20_000 + draw(st.integers(0, 2))} if sort == "day" else {}


@st.composite
def drafts(draw: st.DrawFn, name: str | None = None) -> Draft:
    """A line of one of the kinds that tables follow from."""
    which = name or draw(st.sampled_from(NAMES))
    kind = draw(
        st.sampled_from(["deal.opened", "deal.moved", "deal.won", "deal.lost", "deal.reopened", "deal.changed"])
    )
    more: dict[str, Any] = draw(whens())
    if kind in ("deal.opened", "deal.moved", "deal.reopened", "deal.changed"):
        more["properties"] = draw(st.sampled_from([{}, {"stage": "first"}, {"stage": "second"}]))
    amount = draw(st.sampled_from(_AMOUNTS))
    if amount is not None and kind in ("deal.opened", "deal.changed", "deal.won", "deal.lost"):
        more |= {"amount_minor": amount, "currency": draw(st.sampled_from(["EUR", "USD"]))}
    if kind == "deal.opened" and draw(st.booleans()):
        more["personal"] = {"name": draw(st.sampled_from(["Größe", "Acme"]))}
    if draw(st.booleans()):
        more |= {
            "company": oid("company", draw(st.sampled_from(NAMES))),
            "channel": draw(st.sampled_from(["mail", "ads"])),
        }
    return deal(which, kind, **more)


@st.composite
def described(draw: st.DrawFn) -> Draft:
    """A line about a person: a stage, a trait, a consent, a claim."""
    name, when = draw(st.sampled_from(NAMES)), draw(whens())
    kind = draw(st.sampled_from(["stage.reached", "person.described", "consent.given", "consent.withdrawn", "claim"]))
    made: dict[str, Any] = {}
    if "at" in when:
        made = {"happened_at": when["at"], "precision": "ms"}
    elif "day" in when:
        made = {"happened_at": when["day"] * DAY_MS, "precision": "day"}
    if kind == "claim":
        ids = [oid("person", name), oid("person", draw(st.sampled_from(NAMES)))]
        return person(name, "identity.claimed", properties={"ids": sorted(set(ids))}, **made)
    if kind == "stage.reached":
        made["properties"] = {"stage": draw(st.sampled_from(["lead", "mql", "customer"]))}
    elif kind == "person.described":
        made["personal"] = {"first_name": draw(st.sampled_from(["Ann", "Bo"]))}
        made["company"] = draw(st.sampled_from([None, oid("company", "a")]))
    else:
        made["properties"] = {"purpose": "mail"}
    return person(name, kind, **made)


@st.composite
def rows(draw: st.DrawFn) -> tuple[str, list[Draft]]:
    """A row of a file: what it says of one record."""
    key = draw(st.sampled_from(NAMES))
    return key, draw(st.lists(drafts(key), min_size=1, max_size=2))


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """Acts, files (dated or not, said again, corrected), undos and changes of the zone, in any order."""
    made, files = Story(), list[tuple[list[Any], int | None, str]]()
    batches: list[str] = []
    for number in range(draw(st.integers(2, 9))):
        source = draw(st.sampled_from(["crm", "shop"]))
        step = draw(st.sampled_from(["act", "act", "file", "file", "again", "again", "undo", "zone"]))
        if step == "act":
            made.say(f"act {number}", *draw(st.lists(drafts() | described(), min_size=1, max_size=2)), source=source)
        elif step == "file":
            date = draw(st.sampled_from([None, 1_700_000_000_000, 1_700_000_000_000 + DAY_MS, 9_999_999_999_999]))
            files.append((draw(st.lists(rows(), min_size=1, max_size=4)), date, source))
            batches.append(made.bring(files[-1][0], date=date, source=source))
        elif step == "again" and files:
            again, date, source = draw(st.sampled_from(files))
            batches.append(made.bring(again, date=date, source=source))
        elif step == "undo" and batches:
            made.undo(draw(st.sampled_from(batches)))
        elif step == "zone":
            made.define("installation.zone", draw(st.sampled_from(_ZONES)))
        _note(f"step {step}")
    _note("confirmation" if any(m.message_id.startswith("confirmed") for m in made.messages) else "no confirmation")
    return made


@st.composite
def imports(draw: st.DrawFn) -> Story:
    """Files alone, that say few things of few records under few dates: they agree and disagree all the time."""
    made, batches = Story(), list[str]()
    for _ in range(draw(st.integers(2, 7))):
        if batches and draw(st.integers(0, 4)) == 0:
            made.undo(draw(st.sampled_from(batches)))
        said = draw(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from([1, 2])), min_size=1, max_size=3))
        file = [(key, [deal(key, amount_minor=amount, currency="EUR")]) for key, amount in said]
        date = draw(st.sampled_from([None, 1_700_000_000_000, 1_700_000_000_001, 9_999_999_999_999]))
        batches.append(made.bring(file, date=date))
    return made


def _as_told(made: Story) -> dict[str, str]:
    """The state after the story told in order, in a world of its own."""
    with nothing_stays():
        made.write()
        return state_now()


@given(stories() | imports(), st.randoms(use_true_random=False))
def test_order_proof_whatever_order_the_same_lines_arrive_in(made: Story, luck: Random) -> None:
    with nothing_stays():
        made.write()
        lines, expected, counted = arrived(), state_now(), counting()
    mixed = luck.sample(lines, len(lines))
    with nothing_stays():
        middle = luck.randrange(len(mixed) + 1)
        arrive(mixed[:middle])
        catch_up()
        arrive_more(mixed[middle:])
        assert state_now() == expected
        assert counting() == counted


def arrive_more(messages: list[Any]) -> None:
    """Lines that arrive behind those that are there."""
    arrive(messages, after=projecting.head_seq())


@given(stories(), st.randoms(use_true_random=False))
def test_duplicate_proof_a_message_any_number_of_times_is_once(made: Story, luck: Random) -> None:
    expected = _as_told(made)
    with nothing_stays():
        for number, said in enumerate(made.messages, 1):
            write(said)
            again = [without_stamp(one) for one in luck.choices(made.messages[:number], k=luck.randrange(3))]
            assert set(write(*again)) <= {Outcome.DUPLICATE}
            if luck.random() < 0.3:
                catch_up()
        assert state_now() == expected
        assert sum(one.stored for one in accounting()) == len({(one.source, one.message_id) for one in made.messages})
        assert all(one.received == one.stored + one.duplicate for one in accounting())


@given(stories(), st.randoms(use_true_random=False))
def test_rebuildable_step_by_step_is_the_same_as_all_at_once(made: Story, luck: Random) -> None:
    with nothing_stays():
        for said in made.messages:
            write(said)
            if luck.random() < 0.5:
                catch_up()
        catch_up()
        step_by_step = rows_now()
        assert behind() == projecting.Behind(0, 0, 0)
        start_again()
        catch_up()
        assert rows_now() == step_by_step


@contextmanager
def _chunks_of(luck: Random) -> Iterator[None]:
    """Slices of any size, instead of those the clock would choose."""

    class AnySize:
        def __init__(self, size: int = 0) -> None:
            del size

        @contextmanager
        def slice(self) -> Iterator[int]:
            yield luck.choice([1, 2, 3, 7, 50])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(projecting, "Pace", AnySize)
        yield


@given(stories(), st.randoms(use_true_random=False))
def test_catching_up_in_chunks_of_any_size_ends_alike(made: Story, luck: Random) -> None:
    with nothing_stays():
        made.write()
        catch_up()
        at_once = rows_now()
        start_again()
        with _chunks_of(luck):
            catch_up()
        assert rows_now() == at_once


@given(stories() | imports())
def test_the_lines_in_force_are_those_of_the_slow_reference(made: Story) -> None:
    with nothing_stays():
        made.write()
        catch_up()
        lines = [dict(zip(LINE_COLUMNS, line, strict=True)) for line in every_line()]
        for line in lines:
            line["properties"] = msgspec.json.decode(line["properties"])
        assert set(counting().values()) == {name for _, name in counting_messages(lines)}


@given(stories(), st.lists(rows(), min_size=1, max_size=4), st.sampled_from([None, 1_700_000_000_000]))
def test_undo_leaves_the_state_from_before(made: Story, file: list[Any], date: int | None) -> None:
    with nothing_stays():
        made.write()
        before = state_now()
        made.messages.clear()
        batch = made.bring(file, date=date)
        made.write()
        catch_up()
        made.messages.clear()
        made.undo(batch)
        made.write()
        assert state_now() == before


@given(
    st.lists(st.tuples(st.lists(rows(), min_size=1, max_size=3), st.integers(1, 4)), min_size=1, max_size=4),
    st.randoms(),
)
def test_dated_files_end_alike_in_any_order_unless_they_share_a_date(files: list[Any], luck: Random) -> None:
    by_date = {date: rows for rows, date in files}
    ends = []
    for order in (sorted(by_date), luck.sample(sorted(by_date), len(by_date))):
        made = Story()
        for date in order:
            made.bring(by_date[date], date=1_700_000_000_000 + date)
        with nothing_stays():
            made.write()
            catch_up()
            ends.append(counting())
    assert ends[0] == ends[1]


def test_the_run_held_every_sort_of_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Stands last: says how many of each the stories of this run held, and fails if a sort was missing."""
    with capsys.disabled():
        print("\n  " + ", ".join(f"{what}: {count}" for what, count in sorted(SEEN.items())))
    expected = {f"time {sort}" for sort in ("exact", "equal", "late", "day", "unknown")}
    expected |= {f"step {sort}" for sort in ("act", "file", "again", "undo", "zone")} | {"confirmation"}
    assert not SEEN or expected <= SEEN.keys()
