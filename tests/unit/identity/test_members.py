"""Who is who on a real log: lines in, persons out (LEDGER 4)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction

from twostroke.identity import actions, queries
from twostroke.identity.facts import Minter, device_namespace
from twostroke.identity.models import Claimed, Member
from twostroke.identity.projection import PROJECTIONS
from twostroke.identity.suggesting import suggestions
from twostroke.ledger import projecting
from twostroke.ledger.actions import append, catch_up
from twostroke.ledger.facts import Draft, Message, Precision, Trust

pytestmark = pytest.mark.django_db
CRM, SITE = "crm", "site"


@pytest.fixture(autouse=True)
def _only_identity_folds() -> Iterator[None]:
    before = projecting.installed()[1:]
    projecting.install(PROJECTIONS)
    yield
    projecting.install(before)


class Town:
    """Says things on the log in few words."""

    def __init__(self) -> None:
        self.minter: Minter = queries.minter()
        self.count = 0

    def email(self, address: str) -> str:
        return self.minter.mint("email", address)

    def phone(self, number: str) -> str:
        return self.minter.mint("phone", number)

    def contact(self, key: str) -> str:
        return self.minter.record(CRM, "contact", key)

    def cookie(self, name: str) -> str:
        return self.minter.mint(device_namespace(SITE), name)

    def says(self, *drafts: Draft, trust: Trust = Trust.KNOWN, batch: str | None = None, source: str = CRM) -> str:
        actions.store_identifiers(self.minter.drain())
        self.count += 1
        is_row = batch is not None and drafts[0].kind != "import.started"
        name = f"{self.count:032x}.{self.count:032x}" if is_row else f"m{self.count}"
        with transaction.atomic():
            append([Message(source, name, name, drafts, trust=trust, batch=batch, row=self.count if batch else None)])
        return f"{source}:{name}:0"

    def claims(self, *ids: str, kind: str = "person", trust: Trust = Trust.KNOWN, batch: str | None = None) -> None:
        named = ids[0] if kind == "person" else None
        claim = Draft("identity.claimed", kind, ids[0], identifier=named, properties={"ids": list(ids)})
        self.says(claim, trust=trust, batch=batch)
        catch_up()

    def starts(self, batch: str) -> None:
        self.says(Draft("import.started", "import", batch, properties={"source_name": CRM}), batch=batch)

    def undoes(self, batch: str) -> None:
        self.says(Draft("import.undone", "import", batch, properties={"batch": batch, "source_name": CRM}))
        catch_up()

    def describes(self, subject: str, kind: str = "person", /, *, at: int = 0, **said: object) -> None:
        personal = {name: said.pop(name) for name in ("name", "first_name", "last_name", "email") if name in said}
        company = said.pop("company", None)
        self.says(
            Draft(
                f"{kind}.described",
                kind,
                subject,
                at,
                Precision.MS,
                identifier=subject if kind == "person" else None,
                company=str(company) if company else (subject if kind == "company" else None),
                properties=said,
                personal=personal,
            )
        )
        catch_up()

    def views(self, device: str) -> None:
        self.says(Draft("page.viewed", "person", device, 0, Precision.MS, identifier=device), source=SITE)
        catch_up()


def persons(kind: str = "person") -> list[set[str]]:
    found: dict[str, set[str]] = {}
    for one in queries.who_is_who(kind):
        found.setdefault(one.key, set()).add(one.identifier)
    return sorted(found.values(), key=sorted)


def same(found: list[set[str]], *expected: set[str]) -> bool:
    return found == sorted(expected, key=sorted)


@pytest.fixture
def town() -> Town:
    return Town()


def test_a_claim_makes_one_person_whom_each_identifier_and_every_old_key_finds(town: Town) -> None:
    jane, mail = town.contact("1"), town.email("jane@acme.example")
    town.describes(mail, name="Jane Roe")
    assert queries.key_of(mail) == mail
    town.claims(jane, mail)
    assert same(persons(), {jane, mail})
    assert queries.key_of(mail) == queries.key_of(jane) == jane


def test_two_contacts_with_one_email_stay_two_and_are_suggested_with_the_line_that_says_so(town: Town) -> None:
    jane, june, mail = town.contact("1"), town.contact("2"), town.email("desk@acme.example")
    town.claims(jane, mail)
    town.claims(june, mail)
    assert same(persons(), {jane, mail}, {june})
    [suggested] = suggestions()
    assert {suggested.one, suggested.other} == {june, mail}
    assert (suggested.why, suggested.times) == ("exclusive", 1)
    assert [(one.name, one.source, one.row) for one in suggested.evidence] == [("crm:m2:0", CRM, None)]
    assert {suggested.key_one, suggested.key_other} == {jane, june}


def test_who_is_kept_apart_is_not_asked_about_again_until_a_later_line_says_so(town: Town) -> None:
    jane, june, mail = town.contact("1"), town.contact("2"), town.email("desk@acme.example")
    town.claims(jane, mail)
    town.claims(june, mail)
    actions.keep_apart(by=None, one=jane, other=june)
    assert suggestions() == []
    assert [one.why for one in suggestions(answered=True)] == ["split"]
    with pytest.raises(actions.ActError, match="already"):
        actions.keep_apart(by=None, one=june, other=mail)
    town.claims(june, mail)
    assert [(one.why, one.times) for one in suggestions()] == [("since", 2)]
    actions.merge(by=None, one=jane, other=june, lift=True)
    assert same(persons(), {jane, june, mail})
    with pytest.raises(actions.ActError, match="one at present"):
        actions.keep_apart(by=None, one=jane, other=mail)


def test_companies_of_one_name_are_suggested_and_never_joined_by_it(town: Town) -> None:
    accounts = [town.minter.record(source, "company", "1") for source in (CRM, "shop", "mail")]
    for account, name in zip(accounts, ("Acme GmbH", "ACME  GmbH", "Other"), strict=True):
        town.describes(account, "company", name=name)
    [suggested] = suggestions("company")
    assert ({suggested.key_one, suggested.key_other}, suggested.why) == ({*accounts[:2]}, "name")
    actions.keep_apart(by=None, one=accounts[0], other=accounts[1], kind="company")
    assert suggestions("company") == []


def test_merge_and_unmerge_leave_the_tables_as_they_were(town: Town) -> None:
    jane, june = town.contact("1"), town.contact("2")
    town.claims(jane, town.email("jane@acme.example"))
    town.claims(june, town.email("june@acme.example"))
    before = persons()
    merge = actions.merge(by=None, one=jane, other=june)
    assert len(persons()) == 1
    actions.unmerge(by=None, merge=merge)
    assert persons() == before
    with pytest.raises(actions.ActError, match="taken back already"):
        actions.unmerge(by=None, merge=merge)


def test_a_split_takes_back_the_merge_and_stands_until_a_merge_lifts_it(town: Town) -> None:
    jane, june = town.contact("1"), town.contact("2")
    mail = town.email("jane@acme.example")
    town.claims(jane, mail)
    town.describes(june, name="June")
    actions.merge(by=None, one=mail, other=june)
    actions.split(by=None, apart=[june])
    assert same(persons(), {jane, mail}, {june})
    with pytest.raises(actions.ActError, match="split these two"):
        actions.merge(by=None, one=jane, other=june)
    lifting = actions.merge(by=None, one=jane, other=june, lift=True)
    assert same(persons(), {jane, mail, june})
    actions.unmerge(by=None, merge=lifting)
    assert same(persons(), {jane, mail}, {june})


def test_acts_that_can_have_no_effect_are_refused_in_a_sentence(town: Town) -> None:
    jane, cookie, desk = town.contact("1"), town.cookie("c"), town.email("info@acme.example")
    town.claims(jane, town.email("jane@acme.example"))
    town.views(cookie)
    town.describes(desk, name="The desk")
    for other, words in ((jane, "one already"), (cookie, "Devices"), (desk, "desk's"), ("nobody", "No person has")):
        with pytest.raises(actions.ActError, match=words):
            actions.merge(by=None, one=jane, other=other)
    with pytest.raises(actions.ActError, match="nobody left"):
        actions.split(by=None, apart=[jane, town.email("jane@acme.example")])


def test_a_desks_address_joins_nobody(town: Town) -> None:
    desk = town.email("info@acme.example")
    contacts = [town.contact(str(n)) for n in range(3)]
    for contact in contacts:
        town.claims(contact, desk)
    assert same(persons(), {desk}, *({contact} for contact in contacts))
    assert suggestions() == []


def test_an_address_claimed_with_more_than_twenty_contacts_joins_nobody_until_claims_are_undone(town: Town) -> None:
    mail, phone = town.email("pool@group.example"), town.phone("+4930123456")
    contacts = [town.contact(str(n)) for n in range(21)]
    town.starts("b1")
    town.claims(contacts[0], mail, phone)
    for contact in contacts[1:20]:
        town.claims(contact, mail)
    assert {contacts[0], mail, phone} in persons()
    town.claims(contacts[20], mail, batch="b1")
    assert {mail} in persons()
    assert {contacts[0], phone} in persons()
    assert suggestions() == []
    town.undoes("b1")
    assert {contacts[0], mail, phone} in persons()
    assert len(suggestions()) == 19


def test_a_tablet_at_a_fair_gives_forty_people_and_follows_none(town: Town) -> None:
    tablet = town.cookie("tablet")
    visitors = [town.email(f"v{n}@acme.example") for n in range(40)]
    town.claims(visitors[0], tablet)
    assert {visitors[0], tablet} in persons()
    for visitor in visitors[1:]:
        town.claims(visitor, tablet)
    assert same(persons(), {tablet}, *({visitor} for visitor in visitors))
    assert queries.all_keys() == sorted(visitors)


def test_bare_views_follow_their_device_and_verified_claims_count_first(town: Town) -> None:
    phone, laptop, mail, other = (
        town.cookie("p"),
        town.cookie("l"),
        town.email("a@x.example"),
        town.email("b@x.example"),
    )
    town.views(phone)
    town.claims(phone, laptop)
    assert same(persons(), {phone, laptop})
    assert queries.all_keys() == []
    town.claims(other, laptop, trust=Trust.CLAIMED)
    assert [one.verified for one in queries.who_is_who() if one.identifier == phone] == [False]
    assert same(persons(), {other, phone, laptop})
    town.claims(mail, phone)
    assert same(persons(), {mail, phone, laptop}, {other})


def test_two_who_share_a_device_get_it_back_when_they_turn_out_to_be_one(town: Town) -> None:
    cookie, one, other = town.cookie("c"), town.email("a@x.example"), town.email("b@x.example")
    town.claims(one, cookie)
    town.claims(other, cookie)
    assert same(persons(), {one}, {other}, {cookie})
    actions.merge(by=None, one=one, other=other)
    assert same(persons(), {one, other, cookie})


def test_a_public_keys_word_joins_no_known_identifiers_and_changes_no_trait(town: Town) -> None:
    jane, mail = town.contact("1"), town.email("jane@acme.example")
    town.claims(jane, mail, trust=Trust.CLAIMED)
    assert same(persons(), {jane}, {mail})
    assert [one.why for one in suggestions()] == ["unverified"]
    town.says(
        Draft("person.described", "person", jane, identifier=jane, personal={"name": "Mallory"}), trust=Trust.CLAIMED
    )
    catch_up()
    found = queries.person(jane)
    assert found is not None
    assert found.traits == {}


def test_nobody_is_left_when_the_import_that_named_them_is_undone(town: Town) -> None:
    jane, mail = town.contact("1"), town.email("jane@acme.example")
    town.starts("b1")
    town.claims(jane, mail, batch="b1")
    assert same(persons(), {jane, mail})
    town.undoes("b1")
    assert persons() == []
    assert Member.objects.count() == 0
    assert Claimed.objects.count() == 2


def test_a_company_is_one_by_its_domain_and_a_second_account_of_it_is_suggested(town: Town) -> None:
    one, two = town.minter.record(CRM, "company", "1"), town.minter.record("shop", "company", "9")
    three, domain = town.minter.record(CRM, "company", "2"), town.minter.mint("domain", "acme.example")
    for account in (one, two, three):
        town.claims(account, domain, kind="company")
    assert same(persons("company"), {one, two, domain}, {three})
    assert [suggested.why for suggested in suggestions("company")] == ["exclusive"]


def test_the_newest_value_of_each_trait_counts_over_all_identifiers_with_its_source(town: Town) -> None:
    jane, mail = town.contact("1"), town.email("jane@acme.example")
    town.claims(jane, mail)
    town.describes(jane, first_name="Jane", last_name="Roe", country="DE", at=1000)
    town.describes(mail, country="AT", at=2000)
    town.describes(jane, last_name="Doe", at=3000)
    found = queries.person(mail)
    assert found is not None
    assert (found.name, found.value("country"), found.key) == ("Jane Doe", "AT", jane)
    assert (found.traits["country"].source, found.traits["country"].happened_at) == (CRM, 2000)


def test_a_person_is_with_the_company_last_named_and_was_with_the_one_before(town: Town) -> None:
    jane = town.contact("1")
    acme, beta = town.minter.record(CRM, "company", "1"), town.minter.record(CRM, "company", "2")
    town.describes(acme, "company", name="Acme")
    town.describes(beta, "company", name="Beta", parent=acme)
    town.describes(jane, name="Jane", company=acme, at=1000)
    town.describes(jane, name="Jane", company=beta, at=2000)
    found = queries.person(jane)
    assert found is not None
    assert [(m.company, m.since, m.until, m.present) for m in found.companies] == [
        (beta, 2000, None, True),
        (acme, 1000, 2000, False),
    ]
    assert queries.people_of(beta) == [jane]
    assert queries.people_of(acme) == []
    assert [(one.name, one.parent, one.children) for one in queries.companies()] == [
        ("Acme", None, (beta,)),
        ("Beta", acme, ()),
    ]


def test_colleagues_named_in_files_have_team_territory_and_manager(town: Town) -> None:
    ann, bob = town.minter.record(CRM, "user", "ann"), town.minter.record(CRM, "user", "bob")
    town.describes(ann, "colleague", name="Ann", team="North")
    town.describes(bob, "colleague", name="Bob", team="North", territory="Hamburg", manager=ann)
    assert [(one.name, one.team, one.territory, one.manager) for one in queries.colleagues()] == [
        ("Ann", "North", None, None),
        ("Bob", "North", "Hamburg", ann),
    ]


def test_consent_is_kept_per_purpose_with_wording_source_and_time_and_the_newest_word_counts(town: Town) -> None:
    jane, mail = town.contact("1"), town.email("jane@acme.example")
    town.claims(jane, mail)
    for subject, kind, at, personal in (
        (jane, "consent.given", 1000, {"wording": "Yes, write to me."}),
        (mail, "consent.withdrawn", 2000, {"words": "Stop."}),
    ):
        draft = Draft(
            kind, "person", subject, at, Precision.MS, subject, properties={"purpose": "mail"}, personal=personal
        )
        town.says(draft)
    catch_up()
    found = queries.person(jane)
    assert found is not None
    [consent] = found.consents
    assert (consent.purpose, consent.given, consent.wording, consent.source) == ("mail", False, "Stop.", CRM)


def test_people_are_found_by_address_record_name_and_key(town: Town) -> None:
    jane, mail = town.contact("00Q5"), town.email("jane@acme.example")
    town.claims(jane, mail, town.phone("+4930123456"))
    town.describes(jane, first_name="Jäne", last_name="Roe")
    for reference in ("Jane@ACME.example", "+49 30 123456", "00Q5", jane, mail, "jane r", "ROE"):
        assert [(hit.kind, hit.id, hit.name) for hit in queries.resolve(reference)] == [("person", jane, "Jäne Roe")]
    assert queries.resolve("nobody at all") == []
    assert queries.resolve("%") == []
    deal = town.minter.record(CRM, "deal", "D-77")
    actions.store_identifiers(town.minter.drain())
    assert [(hit.kind, hit.id) for hit in queries.resolve("D-77")] == [("deal", deal)]


def test_names_come_in_bulk_and_fall_back_to_addresses_and_records(town: Town) -> None:
    jane, mail, bare = town.contact("1"), town.email("june@acme.example"), town.contact("17")
    town.describes(jane, name="Jane")
    town.describes(mail, country="DE")
    town.describes(bare, country="DE")
    assert queries.names_of([jane, mail, bare, "f" * 32]) == {
        jane: "Jane",
        mail: "june@acme.example",
        bare: "17",
        "f" * 32: "",
    }


def test_storing_an_identifier_twice_keeps_the_first_and_an_erased_value_comes_back_as_a_new_name(town: Town) -> None:
    first = town.email("jane@acme.example")
    actions.store_identifiers(town.minter.drain())
    again = Minter(town.minter.key, {first: 1})
    second = again.mint("email", "jane@acme.example")
    actions.store_identifiers(again.drain())
    actions.store_identifiers([*Minter(town.minter.key).drain()])
    assert second != first
