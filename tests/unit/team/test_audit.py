"""The book of who did what: narrowed, in order, with names that outlive nobody's account."""

from __future__ import annotations

import pytest

from tests.cast import MARA, SAM
from twostroke.kit.time import set_clock
from twostroke.team.actions import add_user, note
from twostroke.team.facts import Act, Member, Role
from twostroke.team.models import AuditEntry, User
from twostroke.team.queries import audited

pytestmark = pytest.mark.django_db


@pytest.fixture
def sam() -> Member:
    return add_user(email=SAM.email, name=SAM.name, role=Role.SALES)


def at(micros: int) -> None:
    set_clock(lambda: micros)


def test_entries_come_newest_first_and_at_most_as_many_as_asked_for(sam: Member) -> None:
    for n in range(5):
        at(n)
        note(sam, Act.LOOKED_UP, "person", f"p{n}")
    assert [one.subject for one in audited()] == ["p4", "p3", "p2", "p1", "p0"]
    assert [one.subject for one in audited(limit=2)] == ["p4", "p3"]


def test_entries_are_narrowed_by_act_subject_member_and_time(sam: Member) -> None:
    mara = add_user(email=MARA.email, name=MARA.name, role=Role.MARKETING)
    at(10)
    note(sam, Act.LOOKED_UP, "person", "p1")
    at(20)
    note(mara, Act.EXPORTED, "people", how="web people", type="text/csv")
    at(30)
    note(None, Act.ERASED, "person", "p1", how="twostroke erase", operator="root")
    assert [one.act for one in audited(act=Act.EXPORTED)] == [Act.EXPORTED]
    assert [one.act for one in audited(subject="p1")] == [Act.ERASED, Act.LOOKED_UP]
    assert [one.who for one in audited(member=mara.id)] == [MARA.name]
    assert [one.at for one in audited(since=20)] == [30, 20]
    assert audited(act=Act.EXPORTED, subject="p1") == []


def test_an_entry_says_all_it_knows(sam: Member) -> None:
    at(7)
    note(sam, Act.EXPORTED, "number", "pipeline", how="web number", type="text/csv", rows=3)
    [one] = audited()
    assert (one.at, one.member, one.who, one.how) == (7, sam.id, SAM.name, "web number")
    assert dict(one.detail) == {"type": "text/csv", "rows": 3}


def test_whoever_is_at_the_machine_goes_by_their_account_there() -> None:
    note(None, Act.CHANGED, operator="root")
    assert [one.who for one in audited()] == ["root at the machine"]


def test_an_entry_outlives_the_user_it_tells_of(sam: Member) -> None:
    note(sam, Act.LOOKED_UP)
    User.objects.all().delete()
    [one] = audited()
    assert one.who == f"member {sam.id}"
    assert str(AuditEntry.objects.get()) == "looked up"


def test_acts_on_the_command_line_are_those_of_the_house() -> None:
    from twostroke.cli.audit import ACTS

    assert set(ACTS) == {act.value for act in Act}
