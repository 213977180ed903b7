"""A person erased: nothing in the raw bytes, every figure as before, the log whole, their return somebody new."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from django.conf import settings
from django.db import connection

from tests.functional.import_steps import table, twostroke
from tests.raw_bytes import hits, packed
from twostroke.identity import actions as identity
from twostroke.identity.queries import identifiers, person, resolve
from twostroke.intake.models import Import
from twostroke.kit.time import now_millis
from twostroke.ledger import rebuilding, state
from twostroke.ledger.actions import catch_up, say
from twostroke.ledger.facts import Draft
from twostroke.ledger.verify import verify
from twostroke.queue.actions import enqueue
from twostroke.queue.models import Job

pytestmark = pytest.mark.usefixtures("fresh_database")

PEOPLE = ("Contact ID", "Email", "First Name", "Last Name", "Phone", "Job Title", "Notes", "Lifecycle Stage")
DEALS = ("Deal ID", "Deal Name", "Deal Stage", "Amount", "Currency", "Create Date", "Associated Contact ID")
CANARIES = [f"canary{number:02d}zwitscher" for number in range(40)]
ANNA = "anna.berg@nordwind.example"
HERS = [ANNA, "Anna Berg", "+4917055512345", *CANARIES]


def people(path: Path, title: str = "Office manager", notes: str = " ".join(CANARIES)) -> Path:
    rows = [
        ("p-anna-0001", ANNA, "Anna", "Berg", "+49 170 555 12345", title, notes, "Lead"),
        ("p-bo-000002", "bo.lind@nordwind.example", "Bo", "Lind", "", "Office manager", "Quiet", "Customer"),
        ("p-dora-0003", "dora.malm@sund.example", "Dora", "Malm", "", "Buyer", "", "Lead"),
    ]
    return table(path, PEOPLE, rows)


def deals(path: Path) -> Path:
    rows = [
        ("d1", "Kitchen for Anna Berg", "Proposal", "18400.50", "EUR", "2026-02-15", "p-anna-0001"),
        ("d2", "Beans", "Closed Won", "9000", "EUR", "2026-03-01", "p-bo-000002"),
        ("d3", "Spare parts", "Proposal", "600", "EUR", "2026-04-01", ""),
    ]
    return table(path, DEALS, rows)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    people(tmp_path / "crm" / "contacts.csv")
    deals(tmp_path / "crm" / "deals.csv")
    return tmp_path / "crm"


@pytest.fixture
def anna(files: Path) -> str:
    """Anna, brought in with her deals; her id."""
    assert twostroke("import", files, "--as", "crm", "--json").code == 0
    [hit] = resolve(ANNA)
    return hit.id


def figures() -> dict[str, object]:
    return {
        "pipeline": twostroke("metric", "pipeline", "--json").json["rows"],
        "lifecycle": twostroke("metric", "lifecycle", "--json").json["rows"],
        "accounts": [row for row in twostroke("accounts", "--json").json if row["source"] != "twostroke"],
    }


def test_forty_canaries_in_every_place_and_spelling_leave_no_trace(anna: str) -> None:
    home = settings.TWOSTROKE_HOME
    for number, (name, content) in enumerate(packed(f"Email,Notes\n{ANNA},{' '.join(CANARIES)}\n").items()):
        (home.uploads / f"folder{number}").mkdir()
        (home.uploads / f"folder{number}" / name).write_bytes(content)
    for canary in CANARIES[:20]:
        hold_back(msgspec.json.encode([ANNA, "Anna", "Berg", canary]))
    for content in packed(f"{ANNA}: {' '.join(CANARIES)}").values():
        hold_back(content)
    mapping = home.mappings / "crm.yaml"
    mapping.write_text(f"# for example: {CANARIES[3]}, {ANNA}\n{mapping.read_text()}")
    report = Import.objects.get()
    report.report = report.report.replace('"oddities":[]', f'"oddities":[{{"what":"odd","rows":1,"example":"{ANNA}"}}]')
    report.error = f"could not read {CANARIES[5]}"
    report.save()
    enqueue(kind="test.job", payload={"to": ANNA})
    Job.objects.update(state="failed", finished_at=1, error=CANARIES[6])
    assert {word for word in HERS if any(found.startswith(word) for found in hits(HERS))} == set(HERS)

    done = identity.erase(person=anna)

    assert done.left == ()
    assert hits(HERS) == []
    assert twostroke("imports", report.id, "--json").code == 0
    assert "Contact ID" in mapping.read_text()


def hold_back(original: bytes) -> None:
    from django.db import transaction

    from twostroke.ledger.append import append
    from twostroke.ledger.facts import Held

    with transaction.atomic():
        append([], held=[Held("crm", "test", f"{ANNA} cannot come in", original)])


def test_figures_stay_to_the_cent_and_the_log_is_whole(anna: str) -> None:
    before = figures()
    identity.erase(person=anna)
    assert figures() == before
    assert verify().problems == ()
    assert rebuilding.check() == []


def test_the_line_that_says_so_names_what_went_and_nobody(anna: str) -> None:
    identity.erase(person=anna)
    with connection.cursor() as cursor:
        cursor.execute("SELECT subject, properties FROM ledger_line WHERE kind = 'erasure.done'")
        [(subject, properties)] = cursor.fetchall()
        seqs = msgspec.json.decode(properties)["seqs"]
        cursor.execute("SELECT count(*) FROM ledger_line WHERE personal_digest IS NOT NULL AND seq NOT IN "
                       "(SELECT seq FROM ledger_personal)")  # fmt: skip
        assert cursor.fetchone()[0] == len(seqs) > 0
    assert subject == anna


def test_others_keep_what_is_theirs_even_if_it_looks_alike(anna: str, tmp_path: Path) -> None:
    row = ("p-joanna-03", "joanna.berg@nordwind.example", "Joanna", "Anna Berg", "", "Buyer", "", "Lead")
    table(tmp_path / "others.csv", PEOPLE, [row])
    assert twostroke("import", tmp_path / "others.csv", "--as", "crm", "--json").code == 0
    (settings.TWOSTROKE_HOME.path / "hers.log").write_text(f"sent to {ANNA}")
    (settings.TWOSTROKE_HOME.path / "others.log").write_text("sent to joanna.berg@nordwind.example")
    done = identity.erase(person=anna)
    assert [one.where for one in done.left] == ["hers.log"]
    [joanna] = resolve("joanna.berg@nordwind.example")
    assert joanna.name == "Joanna Anna Berg"
    [bo] = resolve("bo.lind@nordwind.example")
    kept = person(bo.id)
    assert kept is not None
    assert kept.value("title") == "Office manager"


def test_a_deal_named_after_them_keeps_all_but_its_name(anna: str) -> None:
    from twostroke.deals.models import Deal

    before = Deal.objects.get(name="Kitchen for Anna Berg")
    identity.erase(person=anna)
    after = Deal.objects.get(subject=before.subject)
    assert (after.name, after.amount_minor, after.stage) == (None, before.amount_minor, before.stage)


def test_a_line_about_somebody_else_that_names_them_loses_its_words(anna: str) -> None:
    [bo] = resolve("bo.lind@nordwind.example")
    told = {"notes": f"Forwarded by Anna.Berg@Nordwind.example, {CANARIES[0]}"}
    say(Draft("person.described", "person", bo.id, identifier=bo.id, personal=told))
    catch_up()
    identity.erase(person=anna)
    assert hits([ANNA, CANARIES[0]]) == []
    assert person(bo.id) is not None


def test_words_that_name_them_in_reasons_sources_and_campaigns_go_too(anna: str, files: Path) -> None:
    header = (*DEALS[:-1], "Closed Lost Reason", "Original Source", "Campaign", "Pipeline", DEALS[-1])
    said = [f"{canary} because {ANNA} said so" for canary in CANARIES[:4]]
    row = ("d7", "Chairs", "Closed Lost", "5", "EUR", "2026-02-15", *said, "p-anna-0001")
    assert twostroke("import", table(files / "deals.csv", header, [row]), "--as", "crm", "--json").code == 0
    done = identity.erase(person=anna)
    assert done.left == ()
    assert hits([ANNA, *CANARIES[:4]]) == []


def test_a_name_in_words_that_cannot_be_erased_is_said_to_be_left(anna: str, files: Path) -> None:
    row = ("d7", "Chairs", "Closed Lost", "5", "EUR", "2026-02-15", "Anna Berg left the firm", "p-anna-0001")
    file = table(files / "deals.csv", (*DEALS[:-1], "Closed Lost Reason", DEALS[-1]), [row])
    assert twostroke("import", file, "--as", "crm", "--json").code == 0
    assert {one.where for one in identity.erase(person=anna).left} == {"ledger_line", "deals_deal"}


def test_the_same_file_again_changes_nothing_and_brings_nobody_back(anna: str, files: Path) -> None:
    identity.erase(person=anna)
    before = state.state_hash()
    report = twostroke("import", files, "--as", "crm", "--json").json
    assert [(file["new"], file["same"], file["changed"]) for file in report["files"]] == [(0, 3, 0), (0, 3, 0)]
    assert hits([ANNA, "Anna Berg"]) == []
    assert state.state_hash() == before


def test_an_address_that_returns_is_somebody_new(anna: str, files: Path) -> None:
    identity.erase(person=anna)
    people(files / "contacts.csv", title="Head of office", notes="")
    assert twostroke("import", files, "--as", "crm", "--file-date", "now", "--json").code == 0
    [back] = resolve(ANNA)
    assert back.id not in {anna, *identifiers(anna)}
    assert back.name == "Anna Berg"
    assert verify().problems == ()
    assert rebuilding.check() == []


def test_an_address_replaced_by_a_newer_one_goes_too(anna: str, files: Path) -> None:
    table(files / "contacts.csv", PEOPLE, [
        ("p-anna-0001", "a.berg@elsewhere.example", "Anna", "Berg", "", "Office manager", "", "Lead"),
    ])  # fmt: skip
    assert twostroke("import", files / "contacts.csv", "--as", "crm", "--file-date", "now", "--json").code == 0
    identity.erase(person=anna)
    assert hits([ANNA, "a.berg@elsewhere.example", *CANARIES]) == []


def test_somebody_known_only_from_an_import_taken_back_can_be_erased(anna: str) -> None:
    assert twostroke("undo", Import.objects.get().id).code == 0
    assert person(anna) is None
    assert twostroke("erase", ANNA, "--yes").code == 0
    assert hits([ANNA, "Anna Berg"]) == []


def test_erasing_twice_says_that_nobody_is_there(anna: str) -> None:
    assert twostroke("erase", ANNA, "--yes").code == 0
    said = twostroke("erase", ANNA, "--yes")
    assert said.code == 1
    assert "Nobody here" in said.err


def test_the_verb_shows_what_would_go_and_asks(anna: str, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = twostroke("erase", ANNA, "--dry-run", "--json").json
    assert {one["what"] for one in shown["found"] if one["count"]} >= {"their deals"}
    said = twostroke("erase", ANNA)
    assert said.code == 3
    assert person(anna) is not None
    assert twostroke("erase", ANNA, "--yes", "--json").json["done"] is True


def test_nobody_is_erased_while_an_import_runs(anna: str) -> None:
    Import.objects.update(state="running", process=os.getppid(), host=socket.gethostname(), touched_at=now_millis())
    said = twostroke("erase", ANNA, "--yes")
    assert said.code == 1
    assert "is running" in said.err
    assert person(anna) is not None


@pytest.mark.parametrize("stop_after", range(1, 6))
def test_an_erasure_stopped_in_the_middle_goes_on(anna: str, stop_after: int) -> None:
    steps: list[str] = []

    def stop(step: str) -> None:
        steps.append(step)
        if len(steps) > stop_after * 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        identity.erase(person=anna, progress=stop)
    assert verify().problems == ()
    if len(resolve(ANNA)) == 1:
        identity.erase(person=anna)
    assert hits(HERS) == []


def test_what_is_left_over_in_a_file_nobody_knows_is_named(anna: str) -> None:
    (settings.TWOSTROKE_HOME.path / "left.log").write_text(f"sent to {ANNA}")
    done = identity.erase(person=anna)
    assert [one.where for one in done.left] == ["left.log"]
    assert not done.is_done


def test_every_model_says_whether_it_holds_something_personal() -> None:
    from django.apps import apps

    answered = {label for store in identity.installed_stores() for label in store.tables}
    ours = {model._meta.label for model in apps.get_models() if model.__module__.startswith("twostroke.")}
    assert answered | NOTHING_PERSONAL.keys() == ours
    assert answered & NOTHING_PERSONAL.keys() == set()


# Why nothing is erased there. Whoever adds a model adds it here with a reason, or to its room's stores.
NOTHING_PERSONAL = {
    "intake.Judged": "which software a hit was done with, by name; addresses in it became stars before",
    "ledger.Line": "opaque ids, figures and properties the catalogue declares not personal",
    "ledger.Commit": "counts and hashes",
    "ledger.Head": "one hash",
    "ledger.Tally": "counts by source",
    "ledger.Batch": "ids of imports and instants",
    "ledger.Attestation": "keyed hashes of rows",
    "ledger.Suppressed": "numbers of lines",
    "ledger.Dirty": "opaque ids, gone as soon as they are folded",
    "ledger.Broken": "opaque ids and places in the program, without the values that broke it",
    "ledger.Parked": "numbers of lines and places in the program, without the values that broke it",
    "ledger.Cursor": "numbers of lines",
    "ledger.Segment": "names of files made from numbers",
    "identity.Claimed": "opaque ids",
    "identity.Member": "opaque ids",
    "identity.Suggestion": "opaque ids",
    "team.User": "people who work here and sign in; they are removed as users",
    "team.SignInLink": "hashes",
    "team.WrongPassword": "hashes, kept for a quarter of an hour",
    "team.Key": "names an administrator gave to keys, and hashes",
    "team.WrongKey": "keyed hashes of addresses and counts, kept for a week",
    "team.AuditEntry": "members, opaque ids and names of pages; it must outlast what it tells of",
}


def test_a_store_erases_twice_what_it_erases_once(anna: str) -> None:
    from twostroke.identity.seeking import sought

    who = sought(anna)
    stores: list[Callable[[], int]] = [lambda s=s: s.erase(who) for s in identity.installed_stores()]  # type: ignore[misc]
    for erase in stores:
        erase()
    assert [erase() for erase in stores] == [0] * len(stores)
