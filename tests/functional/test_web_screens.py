"""What each role sees once a firm's files are in: lists, pages, numbers and those behind them."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest

from tests.cast import ADA, LEA, MARA, SAM, TEAM, Person
from tests.functional.screens import SignIn, deal_called, key_of, page, words
from tests.functional.web_data import bring_in
from twostroke.identity import queries as identity
from twostroke.identity.timelines import timeline
from twostroke.metrics import queries as metrics


@pytest.fixture
def firm(fresh_database: None, tmp_path: Path) -> None:
    bring_in(tmp_path / "firm")


@pytest.mark.django_db
@pytest.mark.parametrize("person", TEAM, ids=lambda p: p.name)
def test_on_an_empty_log_home_has_one_next_step_for_those_who_may_take_it(person: Person, signed_in: SignIn) -> None:
    html = page(signed_in(person), "/")
    assert "Nothing is on the log yet" in html
    assert ("Bring in your files" in html) == (person in (ADA, MARA))


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/people/", "/companies/", "/deals/", "/numbers/"])
def test_empty_lists_say_what_would_fill_them(address: str, signed_in: SignIn) -> None:
    html = words(page(signed_in(SAM), address))
    assert re.search(r"come in with|is on the log yet|has reached a stage yet", html)


@pytest.mark.usefixtures("firm")
def test_every_role_opens_every_screen_of_the_record(signed_in: SignIn) -> None:
    anna, company, deal = key_of("Anna Berg"), key_of("Nordwind AG"), deal_called("Hotel bar")
    addresses = (
        "/", "/people/", f"/people/{anna}/", "/companies/", f"/companies/{company}/", "/deals/?status=all",
        f"/deals/{deal}/", "/numbers/", "/numbers/lifecycle/?by=channel", "/numbers/pipeline/?by=owner", "/setup/",
    )  # fmt: skip
    for person in TEAM:
        client = signed_in(person)
        for address in addresses:
            html = page(client, address)
            assert "<h1" in html
            assert " style=" not in html, address


@pytest.mark.usefixtures("firm")
def test_search_finds_people_by_the_beginning_of_any_word_and_by_their_company(signed_in: SignIn) -> None:
    client = signed_in(SAM)
    assert "Anna Berg" in page(client, "/people/?q=ber")
    assert "Bo Lind" not in page(client, "/people/?q=ber")
    both = page(client, "/people/?q=nordwind")
    assert "Anna Berg" in both
    assert "Bo Lind" in both
    assert "Dora Malm" not in both
    assert "Nobody found" in page(client, "/people/?q=nobody-of-this-name")


@pytest.mark.usefixtures("firm")
def test_search_as_one_types_gets_the_list_alone(signed_in: SignIn) -> None:
    answer = signed_in(SAM).get("/people/?q=anna", headers={"HX-Request": "true"})
    html = answer.content.decode()
    assert "Anna Berg" in html
    assert "<html" not in html


@pytest.mark.usefixtures("firm")
def test_the_palette_finds_people_companies_and_deals(signed_in: SignIn) -> None:
    client = signed_in(SAM)
    kinds = {
        entry["kind"]: entry["address"]
        for words_ in ("anna.berg@nordwind.example", "sund", "d2")
        for entry in client.get("/search/", {"q": words_}).json()["found"]
    }
    assert set(kinds) >= {"person", "company", "deal"}
    for address in kinds.values():
        assert client.get(address).status_code == 200


@pytest.mark.usefixtures("firm")
def test_a_profile_tells_who_where_from_and_what_is_known(signed_in: SignIn) -> None:
    html = words(page(signed_in(MARA), f"/people/{key_of('Anna Berg')}/"))
    for expected in ("Anna Berg", "customer", "Nordwind AG", "Office manager", "anna.berg@nordwind.example", "Bo Lind"):
        assert expected in html, expected
    assert "Came by organic search" in html
    assert "crm" in html


@pytest.mark.usefixtures("firm")
def test_any_identifier_of_a_person_leads_to_their_one_address(signed_in: SignIn) -> None:
    anna = identity.person(key_of("Anna Berg"))
    assert anna is not None
    other = next(one.id for one in anna.identifiers if one.id != anna.key)
    answer = signed_in(SAM).get(f"/people/{other}/")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/people/{anna.key}/")


@pytest.mark.usefixtures("firm")
def test_a_company_has_its_people_its_deals_and_their_sums(signed_in: SignIn) -> None:
    html = words(page(signed_in(LEA), f"/companies/{key_of('Nordwind AG')}/"))
    for expected in (
        "Anna Berg",
        "Bo Lind",
        "Machines for the north",
        "EUR 18,400.50",
        "EUR 9,000",
        "Logistics",
        "120",
    ):
        assert expected in html, expected
    assert "Dora Malm" not in html


@pytest.mark.usefixtures("firm")
def test_a_deal_has_its_stream_and_its_facts(signed_in: SignIn) -> None:
    html = words(page(signed_in(SAM), f"/deals/{deal_called('Machines for the north')}/"))
    for expected in ("won", "EUR 18,400.50", "Nordwind AG", "Sofia Hall", "15 Feb 2026", "20 Apr 2026", "Deal won"):
        assert expected in html, expected


@pytest.mark.usefixtures("firm")
def test_deals_are_filtered_by_status_stage_and_owner(signed_in: SignIn) -> None:
    client = signed_in(SAM)
    open_ = page(client, "/deals/")
    assert "Spare parts" in open_
    assert "Hotel bar" not in open_
    assert "Hotel bar" in page(client, "/deals/?status=lost")
    sofia = next(one.key for one in identity.colleagues() if one.name == "Sofia Hall")
    hers = page(client, f"/deals/?status=open&owner={sofia}&stage=Proposal sent")
    assert "Beans by subscription" in hers
    assert "Spare parts" not in hers


@pytest.mark.usefixtures("firm")
def test_won_and_lost_stand_beside_the_pipeline_never_in_its_total(signed_in: SignIn) -> None:
    html = words(page(signed_in(LEA), "/numbers/pipeline/"))
    assert "2 deals are open, worth EUR 9,600." in html
    assert "Open, together 2 EUR 9,600 0" in html
    assert "Won 1 EUR 18,400.5" in html
    assert "Lost 1 EUR 5,000" in html


@pytest.mark.usefixtures("firm")
def test_a_number_says_scope_as_of_words_version_and_sql(signed_in: SignIn) -> None:
    html = words(page(signed_in(SAM), "/numbers/lifecycle/"))
    for expected in ("Whole company", "as of", "How it is counted", "Version", "SELECT", "Who?"):
        assert expected in html, expected


@pytest.mark.usefixtures("firm")
def test_every_figure_of_a_table_opens_to_as_many_as_it_says(signed_in: SignIn) -> None:
    client = signed_in(LEA)
    opened = 0
    for address in ("/numbers/pipeline/", "/numbers/lifecycle/"):
        for row in re.findall(r"<tr><th scope=\"row\">.*?</tr>", page(client, address), re.S):
            link = re.search(r'href="(/numbers/[^"]+/who/[^"]*)"', row)
            count = re.search(r'<td class="number">([\d,]+)</td>', row)
            if link and count and count[1] != "0":
                behind = client.get(link[1].replace("&amp;", "&") + "&format=json").json()["rows"]
                assert len(behind) == int(count[1].replace(",", "")), row
                opened += 1
    assert opened >= 6


@pytest.mark.usefixtures("firm")
def test_the_page_its_csv_and_its_json_say_what_the_metric_says(signed_in: SignIn) -> None:
    client = signed_in(LEA)
    assert client.get("/numbers/pipeline/?format=json").json()["rows"] == metrics.compute("pipeline").as_json()["rows"]
    table = list(csv.DictReader(io.StringIO(client.get("/numbers/pipeline/?format=csv").content.decode())))
    assert [(row["status"], row["count"], row["value"]) for row in table] == [
        ("open", "2", "9600.00"), ("won", "1", "18400.50"), ("lost", "1", "5000.00"),
    ]  # fmt: skip


@pytest.mark.usefixtures("firm")
def test_a_number_can_be_asked_as_of_an_earlier_line(signed_in: SignIn) -> None:
    client = signed_in(LEA)
    now = client.get("/numbers/pipeline/?format=json").json()["as_of"]["seq"]
    assert client.get(f"/numbers/pipeline/?as_of={now}&format=json").json()["as_of"]["seq"] == now
    too_far = client.get(f"/numbers/pipeline/?as_of={now + 1000}", follow=True)
    assert "There is no line" in too_far.content.decode()


@pytest.mark.usefixtures("firm")
@pytest.mark.parametrize("address", ["/people/", "/companies/", "/deals/?status=all", "/numbers/pipeline/"])
def test_only_those_who_may_take_data_out_get_files(address: str, signed_in: SignIn) -> None:
    joined = f"{address}{'&' if '?' in address else '?'}format=csv"
    assert signed_in(SAM).get(joined).status_code == 404
    assert "format=csv" not in page(signed_in(SAM), address)
    answer = signed_in(LEA).get(joined)
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert len(list(csv.DictReader(io.StringIO(answer.content.decode())))) >= 2


@pytest.mark.usefixtures("firm")
@pytest.mark.parametrize("address", ["/people/nobody/", "/companies/nothing/", "/deals/none/", "/numbers/luck/"])
def test_what_does_not_exist_and_what_is_not_yours_look_alike(address: str, signed_in: SignIn) -> None:
    answer = signed_in(SAM).get(address)
    assert answer.status_code == 404
    assert "No such page, or not yours to see" in answer.content.decode()


@pytest.mark.usefixtures("firm")
def test_each_role_opens_its_own_home(signed_in: SignIn) -> None:
    titles = {person.name: re.search(r"<h1>(.*?)</h1>", page(signed_in(person), "/")) for person in TEAM}
    assert {title[1] for title in titles.values() if title} == {
        "My day", "The market", "The engine", "Is it true, is it running",
    }  # fmt: skip
    admins = words(page(signed_in(ADA), "/"))
    assert "received = stored + duplicate + quarantined" in admins
    assert "crm" in admins


@pytest.mark.usefixtures("firm")
@pytest.mark.parametrize("kind", ["person", "company", "deal"])
def test_a_stream_has_the_lines_of_the_timeline_on_the_command_line(kind: str, signed_in: SignIn) -> None:
    key = {"person": lambda: key_of("Anna Berg"), "company": lambda: key_of("Nordwind AG")}.get(
        kind, lambda: deal_called("Hotel bar")
    )()
    plural = {"person": "people", "company": "companies", "deal": "deals"}[kind]
    html = page(signed_in(SAM), f"/{plural}/{key}/?lines=all")
    told = timeline(key, kind)
    assert html.count('<li class="line ') == len(told) > 0
    shown = re.findall(r'<li class="line line-(\w+)"', html)
    assert sorted(shown) == sorted(entry.team for entry in told)
