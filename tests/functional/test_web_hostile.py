"""Whatever is typed into an address or written into a file: pages answer, in words, and run nothing."""

from __future__ import annotations

import html as markup
import re
from itertools import product
from pathlib import Path
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import get_resolver

from tests.cast import ADA, LEA, MARA, SAM
from tests.functional.screens import (
    COMPANIES,
    CONTACTS,
    DEALS,
    SignIn,
    deal_called,
    key_of,
    page,
    words,
    write_table,
)
from tests.functional.web_data import bring_in
from twostroke.connectors.files.actions import Wish, run_import
from twostroke.identity import queries as identity
from twostroke.ledger.queries import head_seq
from twostroke.team.models import WrongPassword

SCRIPT = '<script>alert("hi")</script>'
ODD = {
    "a script": SCRIPT,
    "a closing tag": "</title></option></script><img src=x onerror=alert(1)>",
    "quotes": "\" onfocus=alert(1) autofocus x='",
    "a template": "{{ request.user }}{% now 'Y' %}",
    "a format": "%(n)s %s {0} {name}",
    "patterns of the database": "%_!\\' OR 1=1 --",
    "line breaks": "a\r\nSet-Cookie: b=c\r\n\r\n",
    "written from the right": "\u202eabc\u202c",
    "nothing but blanks": " \t\u00a0\u3000",
    "a combining crowd": "a" + "\u0301" * 300,
    "outside of the plane": "\U0001f600\U0010ffff",
    "Greek and Cyrillic": "Ελένη Иван",
    "Chinese and Arabic": "王小明 محمد",
    "Thai without blanks": "ภาษาไทยไม่มีช่องว่าง",
    "ten thousand letters": "x" * 10_000,
    "a number of a thousand digits": "9" * 1000,
}
PAGES = ("0", "-1", "-99999999999999999999", "abc", "", "1.5", "1e9", "٣", "²", "9" * 30, "9" * 5000, "5001")
PLACES = ("people", "companies", "deals", "numbers", "setup/imports", "setup/quarantine/crm", "setup/who")
FIELDS = ("q", "status", "from", "format", "by", "lines", "theme", "next")
END_OF_TEXT = "a\x00b"
LISTS = ("/people/", "/companies/", "/deals/", "/search/")


def tags(html: str) -> str:
    """What of the page a browser would take for markup: the scripts' data and the texts of the style left out."""
    return re.sub(r"<script id=[^>]*type=\"application/json\">.*?</script>", "", html, flags=re.DOTALL)


@pytest.fixture
def firm(fresh_database: None, tmp_path: Path) -> None:
    bring_in(tmp_path / "firm")


@pytest.mark.usefixtures("firm")
def test_a_search_for_anything_is_answered(signed_in: SignIn) -> None:
    client = signed_in(SAM)
    for address, odd in product(LISTS, ODD):
        html = page(client, address, data={"q": ODD[odd]})
        assert SCRIPT not in html, (address, odd)
        assert "<img src=x" not in html, (address, odd)


@pytest.mark.usefixtures("firm")
def test_a_page_of_anything_is_no_page(signed_in: SignIn) -> None:
    client = signed_in(ADA)
    for place, odd in product(PLACES, ODD):
        answer = client.get(f"/{place}/{quote(ODD[odd].replace('/', ''))}/")
        assert answer.status_code == 404, (place, odd)
        assert SCRIPT not in answer.content.decode(), (place, odd)


@pytest.mark.usefixtures("firm")
def test_a_page_number_that_is_none_shows_the_first_page_or_an_empty_one(signed_in: SignIn) -> None:
    client = signed_in(LEA)
    lists = ("/people/", "/companies/", "/deals/", "/numbers/pipeline/who/", "/numbers/lifecycle/who/")
    for address, start in product(lists, PAGES):
        answer = client.get(address, {"from": start})
        assert answer.status_code == 200, (address, start[:40])


@pytest.mark.usefixtures("firm")
def test_a_filter_of_anything_filters_or_is_passed_over(signed_in: SignIn) -> None:
    client = signed_in(LEA)
    for name, odd in product(("status", "stage", "owner"), ODD):
        html = page(client, "/deals/", data={name: ODD[odd]})
        assert SCRIPT not in html, (name, odd)
    key = ("status", "stage", "currency", "owner", "product", "nonsense")
    for odd, asked in ODD.items():
        html = page(client, "/numbers/pipeline/who/", data=dict.fromkeys(key, asked))
        assert SCRIPT not in html, odd


@pytest.mark.usefixtures("firm")
def test_a_number_divided_by_anything_is_shown_undivided_and_says_why(signed_in: SignIn) -> None:
    client = signed_in(LEA)
    for odd, asked in ODD.items():
        answer = client.get("/numbers/pipeline/", {"by": asked}, follow=True)
        assert answer.status_code == 200, odd
        assert "cannot be told by" in words(answer.content.decode()), odd
        assert SCRIPT not in answer.content.decode(), odd


@pytest.mark.usefixtures("firm")
def test_a_number_as_of_anything_is_a_number(signed_in: SignIn) -> None:
    client = signed_in(LEA)
    for as_of in ("-1", "0x10", "999999999", "9" * 30, "1 OR 1=1", "١٢", "²", "null"):
        answer = client.get("/numbers/pipeline/", {"as_of": as_of}, follow=True)
        assert answer.status_code == 200, as_of
        assert "Pipeline" in answer.content.decode(), as_of


@pytest.mark.usefixtures("fresh_database")
def test_names_that_would_be_markup_are_text_on_every_page(tmp_path: Path, signed_in: SignIn) -> None:
    folder = tmp_path / "crm"
    hostile = f"Eva {SCRIPT}"
    files = (
        write_table(folder / "companies.csv", COMPANIES, [("c1", hostile, "sund.example", SCRIPT, 5)]),
        write_table(
            folder / "contacts.csv", CONTACTS,
            [("p1", "eva@sund.example", "Eva", SCRIPT, SCRIPT, "c1", "Lead", SCRIPT, "2026-03-14", hostile)],
        ),
        write_table(
            folder / "deals.csv", DEALS,
            [("d1", hostile, SCRIPT, 5, "EUR", "2026-02-15", hostile, "c1", "p1")],
        ),
    )  # fmt: skip
    run_import(Wish(paths=files, source="crm"))
    client = signed_in(ADA)
    person, company = identity.all_keys("person"), identity.all_keys("company")
    addresses = [
        "/", "/people/", "/companies/", "/deals/?status=all", "/numbers/", "/numbers/pipeline/?by=owner",
        "/numbers/pipeline/who/", "/numbers/lifecycle/who/", "/numbers/lifecycle/?by=channel", "/setup/imports/",
        *(f"/people/{key}/" for key in person), *(f"/companies/{key}/" for key in company),
        f"/deals/{deal_called(hostile)}/",
    ]  # fmt: skip
    seen = 0
    for address in addresses:
        html = tags(page(client, address))
        assert SCRIPT not in html, address
        assert "alert(&quot;hi&quot;)" in html or "alert(" not in html, address
        seen += markup.escape(SCRIPT) in html
    assert seen >= 8


@pytest.mark.usefixtures("fresh_database")
def test_data_within_a_page_cannot_end_its_script(tmp_path: Path, signed_in: SignIn) -> None:
    file = write_table(
        tmp_path / "deals.csv", DEALS,
        [("d1", "Kitchen", "</script><b>Stage</b>", 5, "EUR", "2026-02-15", "Sofia", "", "")],
    )  # fmt: skip
    run_import(Wish(paths=(file,), source="crm"))
    html = page(signed_in(SAM), "/numbers/pipeline/")
    assert "</script><b>" not in html
    assert "\\u003C/script\\u003E\\u003Cb\\u003EStage" in html


@pytest.mark.usefixtures("fresh_database")
def test_people_of_any_alphabet_are_listed_found_and_opened(tmp_path: Path, signed_in: SignIn) -> None:
    names = [("Ελένη", "Παπαδοπούλου"), ("Иван", "Петров"), ("王", "小明"), ("محمد", "علي"), ("Zoë", "Ångström")]
    rows = [
        (f"p{n}", f"person{n}@sund.example", first, last, "", "", "Lead", "Direct", "2026-03-14", "")
        for n, (first, last) in enumerate(names)
    ]
    run_import(Wish(paths=(write_table(tmp_path / "contacts.csv", CONTACTS, rows),), source="crm"))
    client = signed_in(MARA)
    listed = page(client, "/people/")
    for first, last in names:
        assert f"{first} {last}" in listed
        assert f"{first} {last}" in page(client, "/people/", data={"q": last}), last
        assert f"{first} {last}" in page(client, f"/people/{key_of(f'{first} {last}')}/")


@pytest.mark.usefixtures("firm")
def test_case_and_accents_do_not_matter_to_a_search(signed_in: SignIn) -> None:
    client = signed_in(SAM)
    for asked in ("ANNA", "anna berg", "BÉRG", "  anna   berg  "):
        assert "Anna Berg" in page(client, "/people/", data={"q": asked}), asked


@pytest.mark.usefixtures("firm")
def test_a_pattern_of_the_database_finds_nobody_by_itself(signed_in: SignIn) -> None:
    client = signed_in(SAM)
    for asked in ("%", "_", "!", "%%", "a%b", "'"):
        assert "Nobody found" in page(client, "/people/", data={"q": asked}), asked


@pytest.mark.usefixtures("firm")
def test_a_field_given_many_times_is_read_once(signed_in: SignIn) -> None:
    client = signed_in(SAM)
    for address, name in product(("/people/", "/companies/", "/deals/", "/numbers/pipeline/"), FIELDS):
        answer = client.get(f"{address}?{'&'.join(f'{name}={n}' for n in range(300))}", follow=True)
        assert answer.status_code == 200, (address, name)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "\thttps://evil.example",
     "https:evil.example", "///evil.example", "http:///evil.example", "people", "no-such-page", "x y"],
)  # fmt: skip
def test_no_way_on_leads_to_another_site(elsewhere: str, signed_in: SignIn) -> None:
    answer = signed_in(SAM).post("/theme/", {"theme": "dark", "next": elsewhere})
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/"


@pytest.mark.usefixtures("firm")
def test_an_address_with_an_end_of_text_in_it_is_no_page_on_any_database(signed_in: SignIn) -> None:
    client = signed_in(ADA)
    for address in (*LISTS, "/numbers/pipeline/", "/numbers/pipeline/who/"):
        for field in (*FIELDS, "stage", "owner", "as_of", "nonsense"):
            assert client.get(address, {field: END_OF_TEXT}).status_code == 404, (address, field)
    for place in ("people", "companies", "deals", "numbers", "setup/imports"):
        assert client.get(f"/{place}/{quote(END_OF_TEXT)}/").status_code == 404, place


@pytest.mark.usefixtures("firm")
def test_per_cents_that_only_look_like_an_end_of_text_are_searched_for(signed_in: SignIn) -> None:
    assert "Nobody found for “%00”" in page(signed_in(SAM), "/people/", data={"q": "%00"})


@pytest.mark.usefixtures("firm")
def test_beyond_the_last_page_stands_the_last_page_and_not_that_nobody_is_there(signed_in: SignIn) -> None:
    client = signed_in(SAM)
    for address in ("/people/", "/companies/", "/deals/"):
        html = page(client, address, data={"from": "5001"})
        assert "on the log yet" not in html, address
        assert html.count("<tbody>") == 1, address


@pytest.mark.django_db
def test_signing_in_as_anything_is_refused_in_words() -> None:
    for odd, typed in (*ODD.items(), ("an end of text", END_OF_TEXT)):
        for email in (typed, "sam@firm.example"):
            WrongPassword.objects.all().delete()
            answer = Client().post("/sign-in/", {"email": email, "password": typed})
            assert answer.status_code == 200, odd
            assert SCRIPT not in answer.content.decode(), odd


@pytest.mark.django_db
def test_a_link_of_anything_signs_nobody_in() -> None:
    for odd, typed in (*ODD.items(), ("an end of text", END_OF_TEXT)):
        answer = Client().post(f"/sign-in/{quote(typed.replace('/', ''))}/")
        assert answer.status_code == 410, odd


@pytest.mark.usefixtures("firm")
def test_a_stage_or_an_owner_with_odd_letters_can_be_chosen_in_the_list(tmp_path: Path, signed_in: SignIn) -> None:
    stage = 'Angebot "A&B" <1>'
    file = write_table(
        tmp_path / "more.csv", DEALS, [("x1", "Odd", stage, 5, "EUR", "2026-02-15", "Zoë O'Neill", "", "")]
    )
    run_import(Wish(paths=(file,), source="other"))
    client = signed_in(SAM)
    html = page(client, "/deals/")
    assert f'<option value="{markup.escape(stage)}"' in html
    assert "Odd" in page(client, "/deals/", data={"stage": stage})
    assert "Beans by subscription" not in page(client, "/deals/", data={"stage": stage})


SENT = (
    "name", "scope", "source", "origins", "email", "colleague", "answer-0", "one", "other", "merge", "rules", "act",
    "password", "again", "theme", "next", "kind", "code", "ids", "from", "q", "expires", "key", "field", "value",
)  # fmt: skip


@pytest.mark.usefixtures("firm")
def test_whatever_is_sent_to_whatever_address_is_answered_and_breaks_nothing(signed_in: SignIn) -> None:
    client = signed_in(ADA)
    people, lines = identity.all_keys(), head_seq()
    told = ("a script", "quotes", "a format", "ten thousand letters", "a number of a thousand digits")
    things = {"an end of text": END_OF_TEXT, "nothing": "", **{odd: ODD[odd] for odd in told}}
    for pattern in get_resolver().url_patterns[0].url_patterns:
        address = "/" + re.sub(r"<[^>]+>", "crm", str(pattern.pattern))
        for odd, sent in things.items():
            answer = client.post(address, dict.fromkeys(SENT, sent))
            assert answer.status_code < 500, (address, odd)
            assert SCRIPT not in answer.content.decode(), (address, odd)
            if pattern.name == "sign-out":
                client = signed_in(ADA)
    assert (identity.all_keys(), head_seq()) == (people, lines)
