"""What no program's mistake can write: each constraint of each table refuses its own nonsense, on both databases."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.apps import apps
from django.db import DataError, IntegrityError, connection, models, transaction

from twostroke.deals.models import Deal
from twostroke.identity.models import (
    Claimed,
    Consent,
    Described,
    Identifier,
    Member,
    Suggestion,
    Suppression,
)
from twostroke.intake.models import Import, ImportFile, Judged
from twostroke.ledger.databases import insert_rows
from twostroke.ledger.facts import LINE_COLUMNS
from twostroke.ledger.models import Attestation, Broken, Dirty, Head, Line, Parked, Tally
from twostroke.queue.models import Job
from twostroke.team.models import AuditEntry, Key, SignInLink, User, WrongKey

pytestmark = pytest.mark.django_db

LINE: dict[str, Any] = dict.fromkeys(LINE_COLUMNS) | {
    "seq": 1, "event_id": "e1", "source": "crm", "message_id": "m1", "part": 0, "body_hash": "h", "kind": "deal.won",
    "kind_version": 1, "observed": 1, "team": "sales", "stroke": "none", "news": 1, "precision": "unknown",
    "recorded_at": 1, "subject_kind": "deal", "subject": "d1", "trust": "known", "properties": "{}",
}  # fmt: skip
DEAL = {
    "subject": "d1",
    "status": "open",
    "opened_precision": "unknown",
    "closed_precision": "unknown",
    "source": "crm",
}
MEMBER = {"kind": "person", "identifier": "i1", "person": "p1"}
DESCRIBED = {
    "kind": "person",
    "subject": "s1",
    "name": "",
    "search": "",
    "traits": "{}",
    "companies": "[]",
    "orders": "{}",
}
SUGGESTION = {"kind": "person", "one": "a", "other": "b", "why": "split", "times": 1, "evidence": "[]"}
CLAIMED = {
    "kind": "person",
    "identifier": "i1",
    "seq": 1,
    "what": "claim",
    "lead": "i1",
    "known": True,
    "recorded_at": 1,
}
CONSENT = {
    "subject": "s1", "purpose": "mail", "given": True, "basis": "", "how": "", "wording": "", "precision": "unknown",
    "source": "crm", "order": "[]",
}  # fmt: skip
JOB = {"kind": "greet", "run_at": 0, "max_attempts": 5, "created_at": 0}
IMPORT = {"id": "i1", "source": "crm", "fingerprint": "f", "created_at": 0, "touched_at": 0}
JUDGED = {
    "unit": "l1", "seq": 1, "source": "web", "message_id": "m1", "part": 0, "by": "machine", "reason": "crawler",
    "told": "Googlebot",
}  # fmt: skip
KEY = {
    "name": "web", "number": 1, "source": "web", "scope": "intake-public", "digest": "d", "hint": "x", "created_at": 1,
}  # fmt: skip
ENTRY = {"at": 1, "act": "looked up", "operator": "root"}

# By the name of the constraint: the model, a row it takes, and changes to that row that it must not take.
NONSENSE: dict[str, tuple[type[models.Model], dict[str, Any], list[dict[str, Any]]]] = {
    "deals_deal_known_status": (Deal, DEAL, [{"status": "maybe"}, {"status": ""}, {"status": "OPEN"}]),
    "deals_deal_amount_and_currency": (Deal, DEAL, [{"amount_minor": 5}, {"currency": "EUR"}]),
    "identity_identifier_value_and_raw": (
        Identifier, {"id": "i1", "namespace": "email", "value": "a", "raw": "A"}, [{"value": None}, {"raw": None}],
    ),
    "identity_identifier_generation": (
        Identifier, {"id": "i1", "namespace": "email", "value": "a", "raw": "A"}, [{"generation": -1}],
    ),
    "identity_suppression_risen": (
        Suppression, {"first": "i1", "generation": 1}, [{"generation": 0}, {"generation": -1}],
    ),
    "identity_claimed_kind": (Claimed, CLAIMED, [{"what": "rumour"}]),
    "identity_member_kind": (Member, MEMBER, [{"kind": "deal"}, {"kind": ""}]),
    "identity_suggestion_ordered": (Suggestion, SUGGESTION, [{"one": "b", "other": "a"}, {"one": "b"}]),
    "identity_suggestion_times": (Suggestion, SUGGESTION, [{"times": 0}]),
    "identity_described_kind": (Described, DESCRIBED, [{"kind": "product"}]),
    "intake_import_known_state": (Import, IMPORT, [{"state": "resting"}]),
    "intake_judged_known_verdict": (Judged, JUDGED, [{"by": "robot"}, {"by": ""}]),
    "intake_importfile_adds_up": (
        ImportFile, {"batch": "b1", "of_id": "i1", "number": 1, "name": "x", "rows_in": 2, "new": 1, "same": 1},
        [{"rows_in": 3}, {"new": 2}, {"rejected": 1}, {"changed": 1}],
    ),
    "ledger_line_amount_and_currency": (Line, LINE, [{"amount_minor": 5}, {"currency": "EUR"}]),
    "ledger_line_instant_and_precision": (
        Line, LINE, [{"happened_at": 5}, {"precision": "ms"}, {"precision": "day"}],
    ),
    "ledger_head_is_one_row": (Head, {"id": 1}, []),
    "ledger_tally_adds_up": (
        Tally, {"source": "x", "received": 3, "stored": 1, "duplicate": 1, "quarantined": 1},
        [{"received": 4}, {"stored": 0}, {"duplicate": 2}, {"quarantined": 0}],
    ),
    "queue_job_known_state": (Job, JOB, [{"state": "resting"}]),
    "queue_job_running_has_lease": (Job, JOB, [{"state": "running"}, {"leased_until": 5}]),
    "queue_job_finished_has_instant": (Job, JOB, [{"state": "done"}, {"state": "failed"}, {"finished_at": 5}]),
    "queue_job_attempts_within": (Job, JOB, [{"attempts": 6}, {"attempts": -1}, {"max_attempts": 0}]),
    "queue_job_asked_again_while_running": (
        Job, JOB, [{"asked_again": True}, {"asked_again": True, "dedupe_key": "k"}],
    ),
    "team_user_known_role": (
        User, {"email": "a@x.example", "name": "A", "role": "sales"}, [{"role": "king"}, {"role": ""}],
    ),
    "team_key_known_scope": (Key, KEY, [{"scope": "everything"}, {"scope": ""}]),
    "team_key_counts_from_one": (Key, KEY, [{"number": 0}, {"number": -1}]),
    "team_audit_known_act": (AuditEntry, ENTRY, [{"act": "stole"}]),
    "team_audit_by_one": (AuditEntry, ENTRY, [{"operator": ""}, {"member": 5}]),
}  # fmt: skip

# By the name of the constraint: the model, and two rows that cannot stand beside each other.
TWICE: dict[str, tuple[type[models.Model], dict[str, Any], dict[str, Any]]] = {
    "ledger_line_message": (Line, LINE, LINE | {"seq": 2, "event_id": "e2"}),
    "ledger_attestation_once": (
        Attestation, {"source": "crm", "record": "r", "message_id": "m", "batch": "b", "row": 1},
        {"source": "crm", "record": "r", "message_id": "m", "batch": "b", "row": 2},
    ),
    "ledger_dirty_once": (Dirty, {"projection": "p", "unit": "u"}, {"projection": "p", "unit": "u"}),
    "ledger_broken_once": (
        Broken, {"projection": "p", "unit": "u", "error": "x", "since": 1},
        {"projection": "p", "unit": "u", "error": "y", "since": 2},
    ),
    "ledger_parked_once": (
        Parked, {"reaction": "r", "seq": 1, "error": "x", "since": 1, "tries": 1, "again_at": 2},
        {"reaction": "r", "seq": 1, "error": "y", "since": 2, "tries": 2, "again_at": 3},
    ),
    "identity_claimed_once": (Claimed, CLAIMED, CLAIMED | {"lead": "i2"}),
    "identity_member_once": (Member, MEMBER, MEMBER | {"person": "p2"}),
    "identity_suggestion_once": (Suggestion, SUGGESTION, SUGGESTION | {"why": "exclusive"}),
    "identity_described_once": (Described, DESCRIBED, DESCRIBED | {"name": "x"}),
    "identity_consent_once": (Consent, CONSENT, CONSENT | {"given": False}),
    "intake_import_once_at_a_time": (
        Import, IMPORT | {"state": "running"}, IMPORT | {"id": "i2", "state": "running"},
    ),
    "intake_judged_once": (Judged, JUDGED, JUDGED | {"unit": "d1"}),
    "intake_importfile_number": (
        ImportFile, {"batch": "b1", "of_id": "i1", "number": 1, "name": "x"},
        {"batch": "b2", "of_id": "i1", "number": 1, "name": "y"},
    ),
    "team_key_number": (Key, KEY, KEY | {"digest": "e"}),
    "team_wrongkey_place_and_hour": (
        WrongKey, {"place": "p", "hour": 1, "count": 1}, {"place": "p", "hour": 1, "count": 2},
    ),
    "queue_job_dedupe": (Job, JOB | {"dedupe_key": "k"}, JOB | {"dedupe_key": "k", "kind": "other"}),
}  # fmt: skip


def write(model: type[models.Model], row: dict[str, Any]) -> None:
    """The row by plain SQL, as any program could write it: no default or check of Python stands in between."""
    given = {field.attname: field.get_default() for field in model._meta.concrete_fields if not _made(field)} | row
    names = [model._meta.get_field(name.removesuffix("_id") if name == "of_id" else name) for name in given]
    columns = [field.column for field in names]  # type: ignore[union-attr]
    with transaction.atomic():
        insert_rows(connection, model._meta.db_table, columns, [tuple(given.values())])


def _made(field: Any) -> bool:
    """Whether the database makes the value itself."""
    return isinstance(field, models.AutoField) and not isinstance(field, models.SmallIntegerField)


@pytest.fixture(autouse=True)
def _an_import() -> None:
    Import.objects.create(id="base", source="x", fingerprint="x", created_at=0, touched_at=0)


def ready(row: dict[str, Any]) -> dict[str, Any]:
    """Of a row that points at an import, let it point at one that is there; of a user, let them have been added."""
    found = dict(row)
    if found.get("of_id"):
        found["of_id"] = "base"
    if "role" in found:
        found |= {"password": "!", "created_at": dt.datetime.now(tz=dt.UTC)}
    return found


@pytest.mark.parametrize("name", sorted(NONSENSE))
def test_a_constraint_takes_what_is_sound_and_refuses_its_nonsense(name: str) -> None:
    model, sound, changes = NONSENSE[name]
    for change in changes:
        with pytest.raises((IntegrityError, DataError), match=name):
            write(model, ready(sound | change))
    if model is not Head:
        write(model, ready(sound))


def test_there_is_one_head_and_never_another() -> None:
    before = list(Head.objects.values())
    for number in (0, 2, -1):
        with pytest.raises(IntegrityError):
            write(Head, {"id": number, "seq": 0, "recorded_at": 0, "commit_number": 0, "hash": ""})
    assert list(Head.objects.values()) == before
    assert len(before) <= 1


@pytest.mark.parametrize("name", sorted(TWICE))
def test_what_is_there_once_is_never_there_twice(name: str) -> None:
    model, one, other = TWICE[name]
    write(model, ready(one))
    with pytest.raises(Exception, match=r"(?i)unique|append-only"):
        write(model, ready(other))


def test_a_finished_job_leaves_its_key_free_and_a_finished_import_its_files() -> None:
    write(Job, JOB | {"dedupe_key": "k", "state": "done", "finished_at": 1})
    write(Job, JOB | {"dedupe_key": "k"})
    write(Import, IMPORT | {"state": "done"})
    write(Import, IMPORT | {"id": "i2", "state": "running"})
    write(Import, IMPORT | {"id": "i3", "state": "running", "dry_run": True})


def test_an_address_signs_in_one_user() -> None:
    user = ready({"email": "a@x.example", "name": "A", "role": "sales"})
    write(User, user)
    with pytest.raises(IntegrityError):
        write(User, user | {"name": "B", "role": "admin"})


def test_a_link_belongs_to_somebody() -> None:
    with transaction.atomic():
        link = SignInLink.objects.create(digest="d", user_id=999_999, expires_at=dt.datetime.now(tz=dt.UTC))
        with pytest.raises(IntegrityError):
            connection.check_constraints()
        transaction.set_rollback(True)
    assert not SignInLink.objects.filter(digest=link.digest).exists()


def test_every_constraint_of_every_table_of_ours_stands_in_this_list() -> None:
    """Whoever adds a constraint adds the nonsense it refuses: one that nobody saw refuse may refuse nothing."""
    ours = {
        constraint.name
        for model in apps.get_models()
        if model.__module__.startswith("twostroke.")
        for constraint in model._meta.constraints
    }
    assert ours == NONSENSE.keys() | TWICE.keys()
