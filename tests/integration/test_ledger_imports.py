"""Imports said again, corrected and undone: of a record one message counts (LEDGER 3), each sentence an example."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pytest
from django.db import connection

from tests.histories import (
    Row,
    Story,
    arrive,
    arrived,
    counting,
    deal,
    message,
    nothing_stays,
    oid,
    state_now,
    write,
)
from tests.spec.lines_in_force import counting_messages
from twostroke.deals.models import Deal
from twostroke.ledger import force, projecting
from twostroke.ledger.facts import LINE_COLUMNS, Draft
from twostroke.ledger.projecting import behind, catch_up
from twostroke.ledger.queries import batch_place, every_line, known_records

pytestmark = pytest.mark.django_db

DAY = 86_400_000
OLD, NEW = 1_700_000_000_000, 1_700_000_000_000 + 7 * DAY


def worth(amount: int, key: str = "k") -> Row:
    """A row that says a deal is worth so much."""
    return key, [deal(key, amount_minor=amount, currency="EUR", day=20_000)]


A, B, C = worth(100), worth(200), worth(300)


def told(story: Story) -> int | None:
    """What the one deal is worth in the end; None where there is none. The slow reference must say the same."""
    story.write()
    return now()


def now() -> int | None:
    catch_up()
    lines = [dict(zip(LINE_COLUMNS, line, strict=True)) for line in every_line()]
    for line in lines:
        line["properties"] = msgspec.json.decode(line["properties"])
    assert set(counting().values()) == {name for _, name in counting_messages(lines)}
    return Deal.objects.values_list("amount_minor", flat=True).filter(subject=oid("deal", "k")).first()


def story(*files: tuple[Sequence[Row], int | None]) -> Story:
    """Files brought in one after the other: (rows, date in ms or None)."""
    made = Story()
    for rows, date in files:
        made.bring(rows, date=date)
    return made


def test_the_same_file_twice_is_once() -> None:
    once = story(([A], OLD))
    once.write()
    before = state_now()
    once.messages.clear()
    once.bring([A], date=OLD)
    assert told(once) == 100
    assert state_now() == before
    assert Deal.objects.count() == 1


@pytest.mark.parametrize("dates", [(None,) * 4, (OLD, OLD + DAY, NEW, NEW + DAY)], ids=["undated", "each newer"])
def test_what_was_said_last_counts_even_if_it_was_said_before(dates: Sequence[int | None]) -> None:
    assert told(story(*zip(([A], [B], [A]), dates, strict=False))) == 100
    second = story(*zip(([A], [B], [A], [B]), dates, strict=True))
    second.messages = second.messages[len(story(*zip(([A], [B], [A]), dates, strict=False)).messages) :]
    assert told(second) == 200


def test_an_old_file_brought_in_again_stays_old() -> None:
    assert told(story(([A], OLD), ([B], NEW), ([A], OLD))) == 200


def test_under_one_date_the_first_to_say_so_keeps_its_place() -> None:
    assert told(story(([A], OLD), ([B], OLD), ([A], OLD))) == 200


def test_an_older_file_that_comes_later_does_not_win() -> None:
    assert told(story(([B], NEW), ([A], OLD))) == 200


def test_a_file_dated_in_the_future_is_taken_as_of_when_it_came() -> None:
    assert told(story(([A], 9_999_999_999_999), ([B], None))) == 200


def test_one_file_that_holds_a_key_twice_ends_at_its_lower_row_and_comes_again_as_all_the_same() -> None:
    twice = story(([A, B], OLD))
    assert told(twice) == 200
    counted = counting()
    twice.messages.clear()
    twice.bring([A, B], date=OLD)
    assert told(twice) == 200
    assert counting() == counted


def test_one_file_that_goes_there_and_back_ends_where_its_last_row_says() -> None:
    assert told(story(([A, B, A], OLD))) == 100


def _undone(which: int) -> int | None:
    made = Story()
    batches = [made.bring([row], date=date) for row, date in ((A, OLD), (B, OLD + DAY), (C, NEW))]
    made.undo(batches[which])
    return told(made)


def test_undoing_the_correcting_import_leaves_what_was_corrected() -> None:
    assert _undone(2) == 200


@pytest.mark.parametrize("which", [0, 1])
def test_undoing_an_import_that_was_corrected_changes_nothing(which: int) -> None:
    assert _undone(which) == 300


def test_undoing_the_only_import_leaves_nothing_and_a_later_one_brings_it_back() -> None:
    made = Story()
    made.undo(made.bring([A]))
    assert told(made) is None
    assert behind().broken == 0
    made.messages.clear()
    made.bring([A])
    assert told(made) == 100


def test_what_two_imports_said_stays_when_the_first_of_them_is_undone() -> None:
    made = Story()
    first = made.bring([A])
    made.bring([A])
    made.undo(first)
    assert told(made) == 100


def test_an_undo_is_taken_whatever_source_it_is_said_from() -> None:
    made = Story()
    batch = made.bring([A], source="other crm")
    made.undo(batch)
    assert {said.source for said in made.messages} == {"other crm", "twostroke"}
    assert told(made) is None


def test_undo_gives_back_the_state_from_before() -> None:
    made = story(([A, worth(5, "x")], OLD))
    made.write()
    before = state_now()
    made.messages.clear()
    batch = made.bring([B, worth(6, "x"), worth(7, "y")], date=NEW)
    made.write()
    assert state_now() != before
    made.messages.clear()
    made.undo(batch)
    made.write()
    assert state_now() == before


def test_undo_of_a_batch_of_many_records_goes_in_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(force, "_AT_ONCE", 3)
    made = Story()
    batch = made.bring([worth(n, f"d{n}") for n in range(10)])
    again = made.bring([worth(n, f"d{n}") for n in range(4)] + [worth(77, f"e{n}") for n in range(4)])
    made.undo(batch)
    made.write()
    catch_up()
    assert Deal.objects.count() == 8
    made.messages.clear()
    made.undo(again)
    made.write()
    catch_up()
    assert Deal.objects.count() == 0


def test_a_batch_begun_twice_is_what_its_first_stamp_says_whichever_line_arrives_first() -> None:
    made = story(([A], OLD))
    batch = str(made.messages[0].batch)
    told = {"import": "i1", "file_no": 1, "source_name": "crm", "history": True, "version_time": NEW}
    made.say("begun again", Draft("import.started", "import", oid("import", 1), properties=told), batch=batch)
    with nothing_stays():
        made.write()
        lines = arrived()
    arrive(lines[::-1])
    catch_up()
    assert batch_place(batch) == (OLD * 1000, lines[0][0][0].recorded_at)


def test_a_line_confirmed_twice_in_one_message_does_not_stop_anybody() -> None:
    made = story(([A], OLD))
    name = made.messages[-1].message_id
    rows = {"batch": made.bring([B]), "rows": [[name, 5], [name, 9], [name, 7]]}
    made.say("confirmed:twice", Draft("import.confirmed", "import", oid("i"), properties=rows))
    assert told(made) == 100
    with connection.cursor() as cursor:
        cursor.execute("SELECT row FROM ledger_attestation")
        assert cursor.fetchall() == [(9,)]


def test_an_import_line_that_cannot_be_read_is_named_and_all_others_are_folded() -> None:
    made = Story()
    made.say("bad", Draft("import.confirmed", "import", oid("i"), properties={"batch": "b", "rows": 7}))
    made.bring([A])
    made.write()
    catch_up()
    assert Deal.objects.get().amount_minor == 100
    with connection.cursor() as cursor:
        cursor.execute("SELECT projection, unit FROM ledger_broken")
        assert cursor.fetchall() == [("ledger.force", "line 1")]


def test_a_fold_that_fails_is_named_without_what_it_was_about(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(lines: object) -> None:
        raise ValueError(f"secret {lines}")

    [deals] = [one for one in projecting.installed() if one.name == "deals.deal"]
    broken = projecting.SubjectProjection("deals.deal", Deal, deals.kinds, fail, subject_kind="deal")
    monkeypatch.setattr(projecting, "_installed", [force.Force(), broken])
    write(message("m", deal("k")))
    catch_up()
    with connection.cursor() as cursor:
        cursor.execute("SELECT unit, error FROM ledger_broken")
        [(unit, error)] = cursor.fetchall()
    assert unit == oid("deal", "k")
    assert error.startswith("ValueError in ")
    assert "secret" not in error


def test_intake_is_told_what_counts_by_the_same_rule() -> None:
    made = story(([A], OLD), ([B], OLD), ([A], OLD))
    assert told(made) == 200
    record = oid("record", "crm", "k")
    [(name, (counts, places))] = known_records("crm", [record]).items()
    assert (name, counts) == (record, counting()[record])
    assert sorted(place[:1] + place[2:3] for place in places.values()) == [(OLD * 1000, 1)] * 2


def test_a_new_zone_places_all_days_again() -> None:
    made = Story()
    evening = 20_000 * DAY + 23 * 3_600_000
    made.say("a", deal("k", "deal.lost", day=20_000, properties={"reason": "price"}))
    made.say("b", deal("k", "deal.reopened", at=evening))
    made.say("c", deal("k", "deal.opened", at=1))
    made.write()
    catch_up()
    # In UTC the day ends after the reopening, in Tokyo it ended before.
    assert Deal.objects.get().status == "lost"
    made.messages.clear()
    made.define("installation.zone", "Asia/Tokyo")
    made.write()
    catch_up()
    assert Deal.objects.get().status == "open"
