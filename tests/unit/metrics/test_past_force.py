"""Which lines were in force at an earlier line, told from the lines up to it; as the tables told it then."""

from __future__ import annotations

import hashlib

import pytest

from tests.unit.metrics.logs import deal, person, settle, tell_of
from twostroke.ledger import lake
from twostroke.ledger.actions import append, catch_up
from twostroke.ledger.facts import Draft, Message
from twostroke.ledger.models import Suppressed
from twostroke.ledger.queries import head_seq
from twostroke.metrics.queries import compute

pytestmark = pytest.mark.django_db

RECORD = "0" * 32
CRM = {"source_name": "crm"}
FILE_DATE = 1_600_000_000_000


def message(message_id: str, draft: Draft, batch: str | None = None, row: int | None = None) -> Message:
    return Message("crm", message_id, hashlib.md5(message_id.encode()).hexdigest(), (draft,), batch=batch, row=row)


def begin(batch: str, dated: int | None = FILE_DATE) -> None:
    said = CRM if dated is None else CRM | {"version_time": dated}
    append([message(f"started {batch}", Draft("import.started", "import", "i", properties=said), batch)])


def say(version: str, batch: str, row: int = 1) -> None:
    draft = Draft("deal.opened", "deal", deal(1), properties={"stage": version})
    append([message(f"{RECORD}.{version * 32}", draft, batch, row)])


def confirm(version: str, batch: str, row: int = 1) -> None:
    said = CRM | {"batch": batch, "rows": [[f"{RECORD}.{version * 32}", row]]}
    append([message(f"confirmed {batch} {row}", Draft("import.confirmed", "import", "i", properties=said))])


def undo(batch: str) -> None:
    said = CRM | {"batch": batch}
    append([message(f"undone {batch}", Draft("import.undone", "import", "i", properties=said))])


def stage(as_of: int | None = None) -> str | None:
    found = compute("pipeline", as_of=as_of).rows
    return found[0].key["stage"] if found else None


def both_ways() -> str | None:
    """The stage as the tables have it now, and as it is told later of this moment; they must agree."""
    settle()
    now, seq = stage(), head_seq()
    assert lake.relations(up_to=seq, past_force=True)["suppressed"].to_pylist() == [  # type: ignore[union-attr]
        {"seq": seq} for seq in Suppressed.objects.order_by("seq").values_list("seq", flat=True)
    ]
    append([message(f"later {seq}", Draft("deal.lost", "deal", deal(1)))])
    catch_up()
    assert stage(seq) == now
    return now


def test_the_newest_file_says_what_a_record_is() -> None:
    for version, batch, dated in (("a", "b1", FILE_DATE), ("b", "b2", FILE_DATE + 1)):
        begin(batch, dated)
        say(version, batch)
    assert both_ways() == "b"


def test_an_older_file_that_comes_later_changes_nothing() -> None:
    for version, batch, dated in (("a", "b1", FILE_DATE), ("b", "b2", FILE_DATE - 1)):
        begin(batch, dated)
        say(version, batch)
    assert both_ways() == "a"


def test_said_again_under_the_same_date_a_message_keeps_its_first_place() -> None:
    for version, batch in (("a", "b1"), ("b", "b2")):
        begin(batch)
        say(version, batch)
    begin("b3")
    confirm("a", "b3")
    assert both_ways() == "b"


def test_said_again_by_an_undated_file_a_message_counts_again() -> None:
    for version, batch in (("a", "b1"), ("b", "b2")):
        begin(batch, None)
        say(version, batch)
    begin("b3", None)
    confirm("a", "b3")
    assert both_ways() == "a"


def test_within_one_file_the_later_row_counts() -> None:
    begin("b1")
    say("b", "b1", row=1)
    say("a", "b1", row=2)
    assert both_ways() == "a"


def test_an_undone_batch_gives_back_what_was_said_before() -> None:
    for version, batch in (("a", "b1"), ("b", "b2")):
        begin(batch, None)
        say(version, batch)
    undo("b2")
    assert both_ways() == "a"


def test_with_every_batch_undone_there_is_no_deal() -> None:
    begin("b1")
    say("a", "b1")
    undo("b1")
    assert both_ways() is None


def test_an_undo_that_came_later_was_not_known_then() -> None:
    begin("b1")
    say("a", "b1")
    seq = head_seq()
    undo("b1")
    settle()
    assert stage(seq) == "a"
    assert stage() is None


def test_a_message_twice_in_one_file_counts_by_its_later_row() -> None:
    begin("b1")
    say("a", "b1", row=1)
    say("b", "b1", row=2)
    confirm("a", "b1", row=3)
    assert both_ways() == "a"


def test_persons_a_later_confirmation_made_one_were_two_before_it() -> None:
    for name in ("ann", "bob"):
        tell_of(name, "form.submitted")
    joined = {"ids": [person("ann"), person("bob")]}
    claim = Draft("identity.claimed", "person", person("ann"), identifier=person("ann"), properties=joined)
    alone = Draft("form.submitted", "person", person("ann"), identifier=person("ann"))
    for version, batch, draft in (("a", "b1", claim), ("b", "b2", alone)):
        begin(batch, None)
        append([message(f"{RECORD}.{version * 32}", draft, batch, 1)])
    begin("b3", None)
    settle()
    before = head_seq()
    assert compute("lifecycle").total("count", stage="lead") == 2
    confirm("a", "b3")
    settle()
    assert compute("lifecycle").total("count", stage="lead") == 1
    assert compute("lifecycle", as_of=before).total("count", stage="lead") == 2
