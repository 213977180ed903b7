"""Bringing files in through the browser; the worker's part is done here by calling what it calls."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.cast import ADA, LEA, MARA, SAM, Person
from tests.functional.web_data import CONTACTS, write_files
from twostroke.connectors.files.actions import run_registered
from twostroke.deals import queries as deals
from twostroke.identity import queries as identity
from twostroke.identity.actions import merge
from twostroke.queue.actions import claim, finish
from twostroke.site.wiring import job_handlers
from twostroke.web.imports.uploads import keep

SignIn = Callable[[Person], Client]
pytestmark = pytest.mark.usefixtures("fresh_database")
AMBIGUOUS = "Contact ID,Email,Create Date\n1,anna@nordwind.example,03/04/2026\n2,bo@nordwind.example,05/06/2026\n"


def sent(client: Client, files: dict[str, str], **more: str) -> str:
    """Send the files; returns the address of their import."""
    uploads = [SimpleUploadedFile(name, text.encode()) for name, text in files.items()]
    answer = client.post("/setup/imports/new/", {"files": uploads, "kind": "history", **more})
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    return answer.headers["Location"]


def work(address: str) -> None:
    """What the worker does for the import at this address."""
    run_registered(address.rstrip("/").rpartition("/")[2])


def take_back() -> None:
    """What the worker does where an import is to be taken back."""
    leased = claim(worker="w")
    while leased is not None and leased.kind != "import.undo":
        finish(leased)
        leased = claim(worker="w")
    assert leased is not None
    job_handlers()["import.undo"](leased)
    finish(leased)


def page(client: Client, address: str) -> str:
    answer = client.get(address, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_nothing_comes_in_before_one_has_looked(signed_in: SignIn, tmp_path: Path) -> None:
    ada = signed_in(ADA)
    files = {path.name: path.read_text() for path in write_files(tmp_path / "firm")}
    address = sent(ada, files, source="crm")
    assert 'hx-trigger="every 1s"' in page(ada, address)
    work(address)
    looked = page(ada, address)
    assert "9 rows</strong> would come in as 9 new" in looked
    assert "Bring it in" in looked
    assert identity.all_keys() == []
    assert "hx-trigger" not in looked.partition('id="import"')[2]


def test_go_brings_them_in_and_undo_takes_them_back(signed_in: SignIn, tmp_path: Path) -> None:
    ada = signed_in(ADA)
    files = {path.name: path.read_text() for path in write_files(tmp_path / "firm")}
    address = sent(ada, files, source="crm")
    work(address)
    ada.post(f"{address}go/")
    work(address)
    assert "9 rows</strong> came in: 9 new" in page(ada, address)
    assert "crm" in page(ada, "/setup/imports/")
    assert (len(identity.all_keys()), deals.count()) == (3, 4)

    assert "stop counting" in page(ada, f"{address}undo/")
    assert deals.count() == 4, "asking takes nothing back"
    asked = ada.post(f"{address}undo/", follow=True).content.decode()
    assert "Taking it back" in asked
    assert 'hx-trigger="every 1s"' in asked
    assert deals.count() == 4, "nobody waits for it: the worker does it"
    take_back()
    taken = page(ada, address)
    assert "This import was taken back" in taken
    assert deals.count() == 0
    assert "Take it back" not in taken


def test_taking_back_twice_at_once_is_done_once_and_what_people_did_since_is_listed(
    signed_in: SignIn, tmp_path: Path
) -> None:
    ada = signed_in(ADA)
    address = sent(ada, {path.name: path.read_text() for path in write_files(tmp_path / "firm")}, source="crm")
    work(address)
    ada.post(f"{address}go/")
    work(address)
    anna, bo = (hit.id for name in ("Anna Berg", "Bo Lind") for hit in identity.search(name, kinds=["person"]))
    merge(by=None, one=anna, other=bo)
    assert "identity merged: 1 line" in page(ada, f"{address}undo/")
    for _ in range(2):
        ada.post(f"{address}undo/")
    take_back()
    assert claim(worker="w") is None
    assert "identity merged: 1 line" in page(ada, address)
    assert "undone before" in ada.post(f"{address}undo/", follow=True).content.decode()


def test_the_same_files_again_are_all_the_same(signed_in: SignIn) -> None:
    ada = signed_in(ADA)
    for expected in ("3 new + 0 same", "0 new + 3 same"):
        address = sent(ada, {"contacts.csv": CONTACTS}, source="crm")
        work(address)
        assert expected in page(ada, address)
        ada.post(f"{address}go/")
        work(address)


def test_an_order_of_dates_nothing_proves_is_asked_and_remembered(signed_in: SignIn) -> None:
    mara = signed_in(MARA)
    address = sent(mara, {"fair.csv": AMBIGUOUS}, source="fair")
    work(address)
    asked = page(mara, address)
    assert "One question first" in asked
    assert "The day comes first" in asked
    assert "Please answer every question" in mara.post(f"{address}answer/", {}, follow=True).content.decode()
    assert (
        "Please answer every question"
        in mara.post(f"{address}answer/", {"answer-0": "whatever"}, follow=True).content.decode()
    )
    mara.post(f"{address}answer/", {"answer-0": "d-m-y"})
    work(address)
    assert "2 rows</strong> would come in" in page(mara, address)

    again = sent(mara, {"fair.csv": AMBIGUOUS}, source="fair")
    work(again)
    assert "question" not in page(mara, again).partition('id="import"')[2]


def test_rows_that_did_not_come_in_can_be_had_as_a_file(signed_in: SignIn) -> None:
    ada = signed_in(ADA)
    address = sent(
        ada,
        {"contacts.csv": CONTACTS + "p4,eve@sund.example,E,M,Buyer,c2,Lead,Paid Search,2026-06-25,=1+1\n"},
        source="crm",
    )
    work(address)
    ada.post(f"{address}go/")
    work(address)
    answer = ada.get(f"{address}rejected.csv")
    assert "1 rejected" in page(ada, address)
    text = answer.content.decode()
    assert answer.headers["Content-Disposition"] == 'attachment; filename="rejected-crm.csv"'
    assert text.splitlines()[0] == "file,row,reason,code,cells"
    assert "eve@sund.example" in text


def test_what_is_no_table_is_said_in_words(signed_in: SignIn) -> None:
    ada = signed_in(ADA)
    address = sent(ada, {"picture.png": "\x89PNG\x0d\x0a\x1a\x0a\x00\x00\x00"})
    work(address)
    told = page(ada, address)
    assert "picture.png" in told
    assert "Traceback" not in told


def test_sending_nothing_says_what_to_do(signed_in: SignIn) -> None:
    answer = signed_in(ADA).post("/setup/imports/new/", {"kind": "history"})
    assert answer.status_code == 200
    assert "No file was chosen" in answer.content.decode()


def test_only_those_who_may_import_find_the_page_and_only_the_administrator_takes_back(signed_in: SignIn) -> None:
    address = sent(signed_in(ADA), {"contacts.csv": CONTACTS}, source="crm")
    work(address)
    signed_in(ADA).post(f"{address}go/")
    work(address)
    for person in (SAM, LEA):
        client = signed_in(person)
        for place in ("/setup/imports/", "/setup/imports/new/", address, f"{address}undo/", f"{address}rejected.csv"):
            assert client.get(place).status_code == 404, (person.name, place)
        assert "Imports" not in page(client, "/setup/").partition("<main")[2].partition("</main")[0]
    mara = signed_in(MARA)
    assert "Take it back" not in page(mara, address)
    assert mara.post(f"{address}undo/").status_code == 404


def test_names_of_files_cannot_leave_their_folder() -> None:
    names = ["../../etc/passwd", "..", "C:\\Users\\eve\\list.csv", "list.csv", "a" * 300 + ".csv", "\x00x.csv"]
    files = [SimpleUploadedFile("x", b"1") for _ in names]
    for file, name in zip(files, names, strict=True):
        file._name = name
    kept = keep(files)
    assert len({one.path for one in kept}) == len(names)
    for one in kept:
        assert one.path.resolve().parent.parent == settings.TWOSTROKE_HOME.uploads.resolve()
        assert len(one.path.name) < 160
