"""Who gets which answer where: every address, every role and the outsider, by reading and by sending."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import get_resolver, resolve

from tests.cast import ADA, LEA, MARA, OTTO, SAM, TEAM, Person
from tests.functional.screens import SignIn, deal_called, key_of, page, words
from tests.functional.web_data import bring_in
from tests.histories import write
from twostroke.intake.queries import imports
from twostroke.ledger.facts import Held
from twostroke.team.facts import May
from twostroke.team.models import User
from twostroke.team.rules import ALLOWED, may
from twostroke.web.templatetags.shell import PLACES

EVERYBODY = frozenset(person.name for person in TEAM)
IMPORTERS = frozenset({MARA.name, ADA.name})
ONLY_ADA = frozenset({ADA.name})
EXPORTERS = frozenset({MARA.name, LEA.name, ADA.name})


@pytest.fixture
def places(fresh_database: None, tmp_path: Path) -> Mapping[str, str]:
    """A firm with a message held back, and the addresses of what is in it."""
    import_id = bring_in(tmp_path / "firm").import_id
    write(held=[Held("crm", "unreadable", "It cannot be read.", b"{")])
    return {
        "person": f"/people/{key_of('Anna Berg')}/",
        "company": f"/companies/{key_of('Nordwind AG')}/",
        "deal": f"/deals/{deal_called('Hotel bar')}/",
        "import": f"/setup/imports/{import_id}/",
    }


# Each address that is read, and who gets it; everybody else is told that there is no such page.
READ: dict[str, frozenset[str]] = {
    "/": EVERYBODY,
    "/people/": EVERYBODY,
    "{person}": EVERYBODY,
    "/companies/": EVERYBODY,
    "{company}": EVERYBODY,
    "/deals/": EVERYBODY,
    "{deal}": EVERYBODY,
    "/numbers/": EVERYBODY,
    "/numbers/pipeline/": EVERYBODY,
    "/numbers/pipeline/who/": EVERYBODY,
    "/search/?q=anna": EVERYBODY,
    "/setup/": EVERYBODY,
    "/setup/password/": EVERYBODY,
    "/setup/imports/": IMPORTERS,
    "/setup/imports/new/": IMPORTERS,
    "{import}": IMPORTERS,
    "{import}rejected.csv": IMPORTERS,
    "{import}undo/": ONLY_ADA,
    "/setup/keys/": ONLY_ADA,
    "/setup/quarantine/": ONLY_ADA,
    "/setup/parked/": ONLY_ADA,
    "/setup/quarantine/crm/unreadable/": ONLY_ADA,
    "/setup/who/people/": ONLY_ADA,
    "/setup/who/companies/": ONLY_ADA,
    "/people/?format=csv": EXPORTERS,
    "/companies/?format=json": EXPORTERS,
    "/deals/?format=csv": EXPORTERS,
    "/numbers/pipeline/?format=csv": EXPORTERS,
    "/numbers/pipeline/who/?format=json": EXPORTERS,
}


def test_each_role_gets_what_is_theirs_and_is_told_of_nothing_else(
    places: Mapping[str, str], signed_in: SignIn
) -> None:
    for person in TEAM:
        client = signed_in(person)
        for address, readers in READ.items():
            answer = client.get(address.format(**places))
            assert answer.status_code == (200 if person.name in readers else 404), (person.name, address)


def test_the_outsider_gets_nothing_but_the_way_to_sign_in(places: Mapping[str, str], signed_in: SignIn) -> None:
    client = signed_in(OTTO)
    for address in READ:
        answer = client.get(address.format(**places))
        assert answer.status_code == 302, address
        assert answer.headers["Location"].startswith("/sign-in/?next="), address
        assert answer.content == b"", address


def test_whoever_is_switched_off_is_an_outsider_from_then_on(places: Mapping[str, str], signed_in: SignIn) -> None:
    client = signed_in(SAM)
    assert client.get("/people/").status_code == 200
    User.objects.filter(email=SAM.email).update(is_active=False)
    for address in READ:
        assert client.get(address.format(**places)).status_code == 302, address


def test_a_role_that_changes_holds_from_the_next_page_on(places: Mapping[str, str], signed_in: SignIn) -> None:
    client = signed_in(SAM)
    assert client.get("/setup/imports/").status_code == 404
    User.objects.filter(email=SAM.email).update(role="marketing")
    assert client.get("/setup/imports/").status_code == 200
    User.objects.filter(email=SAM.email).update(role="sales")
    assert client.get("/setup/imports/").status_code == 404


def test_what_a_role_may_not_send_does_nothing(places: Mapping[str, str], signed_in: SignIn) -> None:
    """By sending, too: the page that is not there cannot be posted to."""
    sent = {
        "{import}undo/": ONLY_ADA,
        "{import}go/": IMPORTERS,
        "{import}answer/": IMPORTERS,
    }
    for person in (SAM, LEA, MARA):
        client = signed_in(person)
        for address, senders in sent.items():
            if person.name not in senders:
                assert client.post(address.format(**places)).status_code == 404, (person.name, address)
        if person is not MARA:
            file = SimpleUploadedFile("more.csv", b"Email\neva@sund.example\n")
            assert client.post("/setup/imports/new/", {"files": [file], "kind": "history"}).status_code == 404
    assert [one.state for one in imports()] == ["done"]
    assert key_of("Anna Berg")


def test_reading_what_changes_something_is_refused_and_changes_nothing(
    places: Mapping[str, str], signed_in: SignIn
) -> None:
    client = signed_in(ADA)
    for address in ("{import}go/", "{import}answer/", "/sign-out/", "/theme/", "/see-as/"):
        assert client.get(address.format(**places)).status_code in (404, 405), address
    for address in ("/people/", "{person}", "/deals/", "/numbers/", "/search/", "/setup/", "/healthz"):
        for method in ("post", "put", "patch", "delete"):
            assert getattr(client, method)(address.format(**places)).status_code == 405, (method, address)
    assert client.get("/people/").status_code == 200


def test_a_form_of_another_site_is_refused(places: Mapping[str, str], signed_in: SignIn) -> None:
    signed = signed_in(ADA)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = signed.cookies
    for address in ("{import}undo/", "/theme/", "/sign-out/", "/setup/password/"):
        answer = strict.post(address.format(**places), {"theme": "dark"})
        assert answer.status_code == 403, address
    assert [one.state for one in imports()] == ["done"]


def test_every_page_is_in_the_list_of_who_reads_it(places: Mapping[str, str], signed_in: SignIn) -> None:
    """Whoever adds a page says here who reads it; what is only sent to is not read."""
    client = signed_in(ADA)
    listed = {resolve(address.format(**places).partition("?")[0]).url_name for address in READ}
    for pattern in get_resolver().url_patterns[0].url_patterns:
        if hasattr(pattern.callback, "policy") and pattern.name not in listed:
            address = "/" + re.sub(r"<[^>]+>", "x", str(pattern.pattern))
            assert client.get(address).status_code == 405, f"{address} ({pattern.name}): who reads it?"


@pytest.mark.parametrize("person", TEAM, ids=lambda p: p.name)
def test_the_navigation_leads_only_where_one_may_go(
    person: Person, places: Mapping[str, str], signed_in: SignIn
) -> None:
    client = signed_in(person)
    html = page(client, "/")
    nav = html[html.index('<nav class="nav"') : html.index("</nav>")]
    addresses = re.findall(r'href="([^"]+)"', nav)
    palette = re.findall(r'data-address="([^"]+)"', html)
    assert set(addresses) <= set(palette)
    for address in {*addresses, *palette}:
        assert client.get(address).status_code == 200, address
    assert ("/setup/imports/" in palette) == (person.name in IMPORTERS)


def test_the_place_one_is_at_is_marked_once(places: Mapping[str, str], signed_in: SignIn) -> None:
    client = signed_in(SAM)
    for address, title in (("/", "Home"), ("/people/", "People"), (places["person"], "People"), ("/deals/", "Deals")):
        html = page(client, address)
        here = re.findall(r'aria-current="page"[^>]*>([^<]+)<', html[: html.index("</nav>")])
        assert here == [title], address


def test_every_place_has_its_own_key_and_words_to_find_it_by() -> None:
    keys = [place.key for place in PLACES if place.key]
    assert len(keys) == len(set(keys))
    assert all(str(place.words).strip() and str(place.title).strip() for place in PLACES)
    assert all(place.act is None or isinstance(place.act, May) for place in PLACES)


def test_exports_are_offered_to_those_who_may_export_alone(places: Mapping[str, str], signed_in: SignIn) -> None:
    for person in TEAM:
        client = signed_in(person)
        for address in ("/people/", "/companies/", "/deals/", "/numbers/pipeline/who/"):
            assert ("format=csv" in page(client, address)) == (person.name in EXPORTERS), (person.name, address)


def test_the_setup_page_shows_each_role_their_own_part(places: Mapping[str, str], signed_in: SignIn) -> None:
    for person in TEAM:
        said = words(page(signed_in(person), "/setup/"))
        assert person.email in said
        if person is not ADA:
            assert "ada@" not in said, person.name
    assert {one.email for one in TEAM} <= {
        word for word in words(page(signed_in(ADA), "/setup/")).split() if "@" in word
    }


def test_nobody_may_do_anything() -> None:
    assert not any(may(None, act) for act in May)


def test_the_rights_of_the_roles_are_these() -> None:
    """A right given to another role is a decision, and shows here."""
    everybody = {May.SEE_PEOPLE, May.SEE_DEALS, May.SEE_NUMBERS, May.LOG}
    more = {
        SAM.role: set(),
        MARA.role: {May.EXPORT, May.IMPORT},
        LEA.role: {May.EXPORT},
        ADA.role: {May.EXPORT, May.IMPORT, May.UNDO_IMPORT, May.MERGE, May.SET_UP},
    }
    assert {role: set(acts) for role, acts in ALLOWED.items()} == {r: everybody | m for r, m in more.items()}
