"""Tables follow from the log: thrown away and folded again they are the same, and a corrupted row is found."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models

from tests.histories import Story, deal, message, oid, rows_now, write
from twostroke.identity.actions import store_identifiers
from twostroke.identity.facts import EMAIL, Minter
from twostroke.identity.projection.descriptions import Descriptions
from twostroke.ledger import projecting, rebuilding, state
from twostroke.ledger.facts import Difference, Draft
from twostroke.ledger.projecting import behind, catch_up, installed, start_again
from twostroke.ledger.queries import Log
from twostroke.ledger.rebuilding import RebuildError, check, rebuild
from twostroke.relay.models import Standing

PROJECTIONS = state.projections()


def _claim(kind: str, *ids: str, **more: Any) -> Draft:
    return Draft("identity.claimed", kind, ids[0], identifier=ids[0], properties={"ids": list(ids)}, **more)


def a_world() -> None:
    """A log that puts at least one row into every projection there is."""
    minter = Minter(settings.TWOSTROKE_KEY)
    ann, two = minter.record("crm", "contact", "1"), minter.record("crm", "contact", "2")
    mail = minter.mint(EMAIL, "ann@firm.example")
    firm = minter.record("crm", "company", "acme")
    store_identifiers(minter.drain())
    made = Story()
    made.say("claim", _claim("person", ann, mail))
    made.say("crossing", _claim("person", two, mail))
    made.say(
        "ann",
        Draft(
            "person.described",
            "person",
            ann,
            identifier=ann,
            company=firm,
            personal={"first_name": "Ann", "city": "Ulm"},
        ),
    )
    made.say("stage", Draft("stage.reached", "person", ann, identifier=ann, properties={"stage": "mql"}))
    made.say(
        "yes",
        Draft("consent.given", "person", ann, identifier=ann, properties={"purpose": "mail"}, personal={"words": "Ja"}),
    )
    made.say("crawled", Draft("page.viewed", "person", ann, identifier=ann, properties={"agent": "Googlebot/2"}))
    a_row = ("k", [deal("k", day=20_000, amount_minor=5, currency="EUR", company=firm, personal={"name": "Größe"})])
    another = ("k", [deal("k", day=20_000, amount_minor=7, currency="EUR", company=firm)])
    made.bring([a_row])
    made.bring([another])
    made.bring([another, ("x", [deal("x"), deal("x", "deal.lost")])])
    made.undo(made.bring([("y", [deal("y", amount_minor=1, currency="EUR")])]))
    made.write()
    catch_up()


def test_every_projection_model_is_written_by_exactly_one_installed_projection() -> None:
    written = [model for projection in installed() for model in projection.models]
    assert sorted(model._meta.label for model in written) == sorted(model._meta.label for model in PROJECTIONS)


@pytest.mark.parametrize("model", PROJECTIONS, ids=lambda model: model._meta.label)
def test_every_projection_names_its_rows_without_surrogate_ids(model: Any) -> None:
    columns = {field.attname for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)}
    assert model.natural_key
    assert set(model.natural_key) | set(model.hashed) <= columns


def test_what_a_state_hash_must_not_hold_is_in_none() -> None:
    left_out = {"seq", "event_id", "recorded_at", "id"}
    for model in PROJECTIONS:
        if model.hashed:
            assert not left_out & {*model.natural_key, *model.hashed}, model


@pytest.mark.django_db
def test_rebuilt_in_place_all_tables_are_as_they_were() -> None:
    a_world()
    before, seq = rows_now(), projecting.head_seq()
    for model in PROJECTIONS:
        assert model._default_manager.exists(), f"{model} has no row in this world: give it one above"
    assert rebuild() == seq
    assert rows_now() == before
    assert behind() == projecting.Behind(0, 0, 0)


@pytest.mark.django_db
def test_a_rebuild_that_was_stopped_goes_on_with_the_next_look_at_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    a_world()
    before = rows_now()
    start_again()
    steps = iter(range(7))

    class StoppedError(Exception):
        pass

    def one_row(limit: int, using: str) -> int | None:
        if next(steps, None) is None:
            raise StoppedError
        return taken(1, using)

    taken = projecting._take_lines
    with monkeypatch.context() as patch:
        patch.setattr(projecting, "_take_lines", one_row)
        with pytest.raises(StoppedError):
            catch_up()
    assert rows_now() != before
    catch_up()
    assert rows_now() == before


@pytest.mark.django_db
def test_rows_that_no_line_justifies_are_gone_after_a_rebuild() -> None:
    a_world()
    before = rows_now()
    Standing.objects.create(subject="nobody", subject_kind="person", stage="mql", precision="unknown")
    assert rows_now() != before
    rebuild()
    assert rows_now() == before


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the first test to rebuild leaves its scratch database: the world is the same in all of them."""
    return tmp_path_factory.mktemp("rebuilt")


@pytest.fixture
def rebuilt(fresh_database: None, kept: Path) -> Iterator[Any]:
    """The world, and a connection to it as another process folded it anew."""
    a_world()
    file = kept / "scratch.db"
    if not file.exists():
        with rebuilding.settled() as live, rebuilding.replayed(live) as scratch:
            scratch.close()
            shutil.copy(scratch.settings_dict["NAME"], file)
    opened = rebuilding._open(file)
    yield opened
    opened.close()


def _corrupt(model: type[models.Model]) -> str:
    """Change one column of one row by SQL; returns its name."""
    table, fixed = model._meta.db_table, {*model.natural_key, "id"}  # type: ignore[attr-defined]
    free = [field for field in model._meta.concrete_fields if field.attname not in fixed]
    with connection.cursor() as cursor:
        pk = model._meta.pk.column
        one = f"{pk} = (SELECT min({pk}) FROM {table})"
        for field in free:
            if field.choices is None and isinstance(field, models.TextField):
                value = "'tampered'"
            elif isinstance(field, models.BooleanField):
                value = f"NOT {field.column}"
            elif isinstance(field, models.JSONField):
                value = "'[\"tampered\"]'"
            else:
                value = f"coalesce({field.column}, 0) + 1"
            try:
                cursor.execute(f"UPDATE {table} SET {field.column} = {value} WHERE {one}")
            except Exception:  # a constraint refuses this column's nonsense: another column will do
                connection.rollback()
                continue
            return field.attname
        cursor.execute(f"UPDATE {table} SET {pk} = {pk} + 1000 WHERE {one}")
    return ""


@pytest.mark.parametrize("model", PROJECTIONS, ids=lambda model: model._meta.label)
def test_one_corrupted_or_lost_row_of_a_projection_is_found(rebuilt: Any, model: type[models.Model]) -> None:
    assert list(rebuilding.compare(connection, rebuilt)) == []
    column = _corrupt(model)
    found = list(rebuilding.compare(connection, rebuilt))
    assert {one.model for one in found} == {model._meta.label_lower}
    assert [one.column for one in found] == ([column] if column else ["", ""])
    with connection.cursor() as cursor:
        pk, table = model._meta.pk.column, model._meta.db_table
        cursor.execute(f"DELETE FROM {table} WHERE {pk} = (SELECT min({pk}) FROM {table})")
    assert (model._meta.label_lower, "", None) in [
        (one.model, one.column, one.left) for one in rebuilding.compare(connection, rebuilt)
    ]


@pytest.mark.usefixtures("fresh_database")
def test_check_rebuilds_beside_the_log_and_names_what_differs() -> None:
    a_world()
    write(message("late", deal("late", amount_minor=5, currency="EUR")))
    assert check() == []
    with connection.cursor() as cursor:
        cursor.execute("UPDATE deals_deal SET amount_minor = 6 WHERE subject = %s", [oid("deal", "late")])
    assert check() == [Difference("deals.deal", (oid("deal", "late"),), "amount_minor", 6, 5)]
    assert list(settings.TWOSTROKE_HOME.scratch.iterdir()) == []


@pytest.mark.usefixtures("fresh_database")
def test_a_rebuild_that_fails_says_so_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuilding.sys, "executable", "/bin/false")
    with pytest.raises(RebuildError, match="ended early"):
        check()


def test_every_model_has_a_nature_that_rebuilding_can_act_on() -> None:
    ours = [model for model in apps.get_models() if model.__module__.startswith("twostroke.")]
    assert {model.nature for model in ours} == {"truth", "projection", "private"}  # type: ignore[attr-defined]


SELLERS = [oid(f"seller {n}") for n in range(3)]


def three_rows_of_each_seller() -> None:
    told = [Draft("colleague.described", "colleague", SELLERS[n % 3], personal={"name": "Ann"}) for n in range(9)]
    write(*[message(f"row {n}", draft) for n, draft in enumerate(told)])


@pytest.mark.django_db
def test_of_subjects_with_many_lines_few_are_enough() -> None:
    three_rows_of_each_seller()
    log = Log("default")
    assert [log.few_enough(SELLERS, most) for most in (1, 3, 5, 6, 9, 100)] == [1, 1, 1, 2, 3, 3]
    assert log.few_enough([oid("nobody"), *SELLERS], 3) == 2


@pytest.mark.django_db
@pytest.mark.parametrize(("most", "slices"), [(1, [1, 1, 1]), (6, [2, 1]), (9, [3])])
def test_a_slice_ends_by_the_lines_of_its_subjects(
    monkeypatch: pytest.MonkeyPatch, most: int, slices: list[int]
) -> None:
    three_rows_of_each_seller()
    folded: list[int] = []
    fold = Descriptions.fold

    def counted(self: Descriptions, units: Sequence[str], log: Log) -> None:
        folded.append(len(units))
        fold(self, units, log)

    monkeypatch.setattr(Descriptions, "fold", counted)
    monkeypatch.setattr(projecting, "_MOST_LINES", most)
    catch_up()
    assert folded == slices
    assert behind().units == 0
