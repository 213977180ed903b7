"""Segment's messages as lines: who, when, what, how much; and what a public key may not say."""

from __future__ import annotations

from typing import Any

import pytest

from twostroke.connectors.segment.facts import ALSO_CALLED, RefusedError, Sender
from twostroke.connectors.segment.kinds import event_names
from twostroke.connectors.segment.translate import Translator
from twostroke.identity.facts import Minter
from twostroke.ledger.catalogue import Catalogue
from twostroke.ledger.facts import Draft, Precision, Trust
from twostroke.site.wiring import all_kinds

CATALOGUE = Catalogue(all_kinds())
RECEIVED = 1_772_443_800_000
IDS: dict[str, Any] = {
    "product_id": "P1", "cart_id": "C1", "checkout_id": "T1", "order_id": "O1", "email_id": "M1", "message_id": "W1",
    "proposal_id": "V1", "total": 12.5, "price": 2.5, "quantity": 2, "step": 1, "query": "cups", "name": "A name",
}  # fmt: skip


def translator(trust: Trust = Trust.KNOWN, **sender: Any) -> Translator:
    return Translator(CATALOGUE, Sender("site", trust, **sender), Minter(b"k" * 32), b"k" * 32)


def drafts(message: dict[str, Any], trust: Trust = Trust.KNOWN, received_at: int | None = RECEIVED) -> list[Draft]:
    found = list(translator(trust).drafts({"userId": "u1", **message}, key="row 1", received_at=received_at))
    assert [complaint for draft in found for complaint in CATALOGUE.check(draft)] == []
    return found


def track(event: str, trust: Trust = Trust.KNOWN, **properties: Any) -> Draft:
    return next(d for d in drafts({"type": "track", "event": event, "properties": properties}, trust))


def refusal(message: Any, trust: Trust = Trust.KNOWN) -> str:
    with pytest.raises(RefusedError) as refused:
        translator(trust).drafts(message, key="row 1", received_at=RECEIVED)
    return refused.value.code


def test_every_event_the_catalogue_names_becomes_its_kind() -> None:
    wrong = {}
    for name, kind in event_names(CATALOGUE):
        for spelt in (name, name.lower().replace(" ", "_"), *ALSO_CALLED.get(name, ())):
            found = track(spelt, **IDS)
            if found.kind != kind.name:
                wrong[spelt] = found.kind
    assert wrong == {}
    assert set(ALSO_CALLED) <= {name for name, _ in event_names(CATALOGUE)}


def test_any_other_event_is_an_act_by_its_name() -> None:
    found = track("Machine descaled", minutes=12)
    assert (found.kind, found.properties, found.personal) == (
        "action.taken",
        {"name": "Machine descaled"},
        {"minutes": 12},
    )


def test_the_time_is_the_age_by_the_clients_own_clock_before_the_receipt() -> None:
    message = {"type": "page", "sentAt": "2031-01-01T00:00:10Z"}
    for stamp in ("originalTimestamp", "timestamp"):
        found = drafts({**message, stamp: "2031-01-01T00:00:00+00:00"})[0]
        assert (found.happened_at, found.precision) == (RECEIVED - 10_000, Precision.MS)


def test_a_message_without_a_sending_time_is_believed_and_one_without_any_is_of_now() -> None:
    assert drafts({"type": "page", "timestamp": "2026-03-02T09:30:00.250Z"})[0].happened_at == 1_772_443_800_250
    assert drafts({"type": "page", "timestamp": "2026-03-02T09:30:00"})[0].happened_at == 1_772_443_800_000
    assert drafts({"type": "page"})[0].happened_at == RECEIVED


def test_a_message_of_a_file_has_the_time_that_was_corrected_before() -> None:
    stamps = {"originalTimestamp": "2031-01-01T00:00:00Z", "sentAt": "2031-01-01T00:00:10Z",
              "receivedAt": "2026-03-02T09:30:10Z"}  # fmt: skip
    told = {"type": "page", **stamps, "timestamp": "2026-03-02T09:29:59Z"}
    assert drafts(told, received_at=None)[0].happened_at == 1_772_443_799_000
    assert drafts({"type": "page", **stamps}, received_at=None)[0].happened_at == 1_772_443_800_000
    assert drafts({"type": "page"}, received_at=None)[0].precision is Precision.UNKNOWN


@pytest.mark.parametrize("stamp", ["yesterday", "0001-01-01T00:00:00Z", True, -1, 0, 10**17, {}])
def test_a_time_that_is_none_is_refused(stamp: object) -> None:
    assert refusal({"type": "page", "userId": "u1", "timestamp": stamp}) == "no_date"


@pytest.mark.parametrize("stamps", [("2100-01-01", None), ("2027-03-02T09:30:00Z", "2026-03-02T09:30:00Z")])
def test_what_comes_now_has_happened_and_only_a_file_may_tell_of_later(stamps: tuple[str, str | None]) -> None:
    told = {"type": "page", "userId": "u1", "timestamp": stamps[0], "sentAt": stamps[1]}
    assert refusal(told) == "no_date"
    assert drafts(told, received_at=None)[0].happened_at is not None
    assert drafts({"type": "page", "timestamp": RECEIVED + 80_000_000})[0].happened_at == RECEIVED + 80_000_000


def test_a_page_keeps_path_and_hosts_and_the_rest_is_personal() -> None:
    url = "https://www.Example.com/prices?email=jane%40example.com"
    properties = {"url": url, "path": "/prices", "referrer": "https://search.example/q?x=1", "title": "Prices"}
    context = {"ip": "192.0.2.1", "userAgent": "Firefox", "library": {"name": "analytics.js"}, "locale": "de-DE"}
    (found,) = drafts({"type": "page", "properties": properties, "context": context})
    told = {"path": "/prices", "host": "www.example.com", "referrer": "search.example", "agent": "Firefox"}
    assert found.properties == told
    assert found.personal["url"] == url
    assert found.personal["ip"] == "192.0.2.1"
    assert found.personal["user_agent"] == "Firefox"
    assert found.personal["context"] == {"locale": "de-DE"}


def test_a_hit_keeps_the_names_of_its_software_and_whether_only_a_device_was_named() -> None:
    safari = (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Safari/604"
    )
    context = {"userAgent": safari, "webdriver": True}
    page: dict[str, Any] = {"type": "page", "properties": {"path": "/", "agent": "Smith"}, "context": context}
    (found,) = drafts(page | {"userId": "", "anonymousId": "a-1"})
    kept = {"agent": "Mozilla/5 AppleWebKit/605 Safari/604", "webdriver": True, "device_only": True}
    assert found.properties == {"path": "/"} | kept
    assert (found.personal["agent"], found.personal["user_agent"]) == ("Smith", safari)
    (named,) = drafts(page | {"userId": "u-1"})
    assert "device_only" not in named.properties
    (unsaid,) = drafts({"type": "page", "properties": {"path": "/"}})
    assert unsaid.properties == {"path": "/"}


def test_an_address_in_a_path_a_name_or_a_campaign_never_becomes_a_property() -> None:
    address = "jane.doe@example.com"
    messages: list[dict[str, Any]] = [
        {"type": "page", "properties": {"path": f"/users/{address}/edit"}},
        {"type": "page", "properties": {"path": "/users/jane.doe%40example.com"}},
        {"type": "track", "event": f"Mailed {address}"},
        {"type": "track", "event": "Form Submitted", "properties": {"form": address}},
        {"type": "screen", "name": address},
        {"type": "page", "context": {"campaign": {"name": address, "medium": address, "content": address}}},
        {"type": "track", "event": "Email Opened", "properties": {"email_id": address, "campaign": {"name": address}}},
    ]
    for message in messages:
        for draft in drafts(message):
            open_to_all = [draft.properties, draft.channel, draft.campaign, draft.content, draft.subject]
            assert "jane.doe" not in str(open_to_all), message


def test_a_paid_visit_begins_with_a_click_on_an_ad() -> None:
    campaign = {"name": "Bean to cup", "source": "websearch", "medium": "CPC", "term": "office coffee"}
    viewed, clicked = drafts({"type": "page", "context": {"campaign": campaign}})
    assert (viewed.kind, viewed.channel, viewed.campaign) == ("page.viewed", "cpc", "Bean to cup")
    assert (clicked.kind, clicked.properties) == ("ad.clicked", {"platform": "websearch", "term": "office coffee"})
    mailed = {"type": "page", "context": {"campaign": {"medium": "email", "name": "News"}}}
    assert [d.kind for d in drafts(mailed)] == ["page.viewed"]


def test_identify_claims_ids_and_describes_person_and_company() -> None:
    traits = {"email": "Jane@Example.com", "firstName": "Jane", "title": "Buyer", "plan": "team",
              "address": {"city": "Bonn", "country": "DE", "postalCode": "53111"},
              "company": {"name": "Example", "employees": 12}}  # fmt: skip
    context = {"timezone": "Europe/Berlin", "locale": "de-DE"}
    claim, person, company = drafts({"type": "identify", "anonymousId": "a1", "traits": traits, "context": context})
    assert (claim.kind, len(claim.properties["ids"]), claim.properties["verified"]) == ("identity.claimed", 3, True)
    assert person.properties == {
        "country": "DE", "time_zone": "Europe/Berlin", "time_zone_from": "stated", "language": "de-DE",
    }  # fmt: skip
    assert person.personal["first_name"] == "Jane"
    assert (person.personal["city"], person.personal["plan"]) == ("Bonn", "team")
    assert company.properties == {"employees": 12}
    assert company.personal == {"name": "Example"}
    assert claim.company == person.company == company.subject


def test_traits_in_the_context_are_traits_as_rudderstack_sends_them() -> None:
    claim, person = drafts({"type": "identify", "context": {"traits": {"email": "jane@example.com", "name": "Jane"}}})
    assert len(claim.properties["ids"]) == 2
    assert person.personal == {"email": "jane@example.com", "name": "Jane"}


def test_the_company_goes_by_its_id_else_its_site_else_the_persons_domain_and_free_mail_names_none() -> None:
    def company(company: object, email: str = "jane@example.com") -> str:
        found = drafts({"type": "identify", "traits": {"email": email, "company": company}})[0].company
        assert found
        return found

    group = drafts({"type": "group", "groupId": "g1", "traits": {"name": "Example", "website": "www.example.com"}})
    assert group[0].kind == "identity.claimed"
    assert company({"id": "g1"}) == group[-1].company
    by_domain = company({"name": "Example"})
    assert company({"name": "Other words", "website": "https://example.com/shop"}, "jane@gmail.com") == by_domain
    assert company("Example", "jane@gmail.com") != by_domain


def test_a_group_says_that_its_user_belongs_to_it() -> None:
    found = drafts({"type": "group", "groupId": "g1", "traits": {"name": "Example", "industry": "Coffee"}})
    assert [(d.kind, d.subject_kind) for d in found] == [
        ("company.described", "company"),
        ("identity.claimed", "person"),
    ]
    assert found[0].properties == {"sector": "Coffee"}
    assert found[1].company == found[0].subject
    assert refusal({"type": "group", "userId": "u1"}) == "nobody"


def test_an_alias_joins_the_device_that_was_to_who_is_named_now() -> None:
    (claim,) = drafts({"type": "alias", "previousId": "a1"})
    seen = drafts({"type": "page", "userId": None, "anonymousId": "a1"})[0]
    assert claim.properties["ids"][1] == seen.identifier


def test_a_message_with_two_ids_claims_that_they_are_one_and_a_mail_does_not() -> None:
    assert [d.kind for d in drafts({"type": "page", "anonymousId": "a1"})] == ["identity.claimed", "page.viewed"]
    mail = {"type": "track", "event": "Email Opened", "context": {"traits": {"email": "jane@example.com"}}}
    (opened,) = drafts(mail)
    known = drafts({"type": "identify", "userId": None, "traits": {"email": "jane@example.com"}})[0]
    assert opened.identifier == known.identifier


def test_the_mails_of_one_campaign_to_one_address_are_one_subject() -> None:
    subjects = {track(e, email_id="n1").subject for e in ("Email Delivered", "Email Opened", "Email Link Clicked")}
    assert len(subjects) == 1
    assert track("Email Opened", email_id="n2").subject not in subjects


def test_unsubscribing_withdraws_the_consent_to_mail() -> None:
    mail, consent = drafts({"type": "track", "event": "Unsubscribed", "properties": {"email_id": "n1"}})
    assert (mail.kind, consent.kind, consent.properties["purpose"]) == (
        "mail.unsubscribed", "consent.withdrawn", "marketing mail",
    )  # fmt: skip


def test_a_consent_banner_says_a_line_a_purpose() -> None:
    chosen = {"Advertising": False, "Analytics": True, "broken": "yes"}
    found = drafts({
        "type": "track", "event": "Segment Consent Preference Updated",
        "context": {"consent": {"categoryPreferences": chosen}},
    })  # fmt: skip
    assert {(d.kind, d.properties["purpose"]) for d in found} == {
        ("consent.withdrawn", "Advertising"), ("consent.given", "Analytics"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("properties", "money"),
    [
        ({"total": 131.42}, (13142, "EUR")),
        ({"revenue": "131.42", "currency": "usd"}, (13142, "USD")),
        ({"total": 0.1 + 0.2, "revenue": 1}, (30, "EUR")),
        ({"value": 5000, "currency": "JPY"}, (5000, "JPY")),
        ({}, (None, None)),
    ],
)
def test_an_order_is_worth_its_total_to_the_cent(properties: dict[str, Any], money: tuple[Any, Any]) -> None:
    found = track("Order Completed", order_id="O1", **properties)
    assert (found.amount_minor, found.currency) == money


def test_an_order_keeps_its_lines_and_describes_its_products() -> None:
    products = [{"product_id": "P1", "sku": "S1", "name": "Descaler", "price": 2.4, "quantity": 5}, {"name": "no id"}]
    order, product = drafts({
        "type": "track", "event": "Order Completed",
        "properties": {"order_id": "O1", "total": 12, "tax": "1.92", "products": products},
    })  # fmt: skip
    assert order.properties["tax_minor"] == 192
    assert order.properties["lines"] == [{"product": product.subject, "quantity": "5", "amount_minor": 1200}]
    assert product.properties == {"name": "Descaler", "code": "S1"}


def test_an_order_without_an_id_or_with_an_amount_that_is_none_is_refused() -> None:
    order = {"type": "track", "event": "Order Completed", "userId": "u1"}
    assert refusal({**order, "properties": {"total": 1}}) == "no_id"
    assert refusal({**order, "properties": {"order_id": "O1", "total": "lots"}}) == "no_amount"
    assert refusal({**order, "properties": {"order_id": "O1", "total": 1, "currency": "gold"}}) == "no_amount"


@pytest.mark.parametrize(
    "message",
    [
        {"type": "track", "event": "Order Completed", "properties": {"order_id": "O1", "revenue": 5}},
        {"type": "track", "event": "Order Cancelled", "properties": {"order_id": "O1"}},
        {"type": "track", "event": "Order Refunded", "properties": {"order_id": "O1", "total": 5}},
        {"type": "track", "event": "Unsubscribed", "properties": {"email_id": "n1"}},
        {
            "type": "track", "event": "Segment Consent Preference Updated",
            "context": {"consent": {"categoryPreferences": {"Advertising": True}}},
        },
    ],
)  # fmt: skip
def test_money_and_consent_need_a_secret_key(message: dict[str, Any]) -> None:
    assert drafts(message)
    assert refusal({"userId": "u1", **message}, Trust.CLAIMED) == "needs_secret_key"


def test_under_a_public_key_a_claim_is_unverified_and_a_carts_worth_only_words() -> None:
    assert drafts({"type": "identify", "anonymousId": "a1"}, Trust.CLAIMED)[0].properties["verified"] is False
    added = track("Product Added", Trust.CLAIMED, cart_id="C1", price=2.5, quantity=2)
    assert (added.kind, added.amount_minor, added.personal["said_to_be_worth"]) == ("cart.changed", None, "5.0 EUR")
    assert track("Product Added", cart_id="C1", price=2.5, quantity=2).amount_minor == 500


@pytest.mark.parametrize("nobody", [None, "", "null", "undefined", 0, "anonymous", "[object Object]", {}, [], True])
def test_a_placeholder_is_nobody(nobody: object) -> None:
    for kind in ("page", "screen", "identify", "alias"):
        message = {"type": kind, "userId": nobody, "anonymousId": nobody, "previousId": nobody, "name": "A"}
        assert refusal(message) == "nobody"


def test_what_is_no_message_is_refused() -> None:
    assert refusal([]) == refusal("page") == refusal(None) == "not_a_message"
    assert refusal({}) == refusal({"type": "beam", "userId": "u1"}) == refusal({"type": 7}) == "no_type"
    assert refusal({"type": "track", "userId": "u1"}) == "no_type"


def test_a_retry_is_the_same_message_and_other_content_is_not() -> None:
    sent: dict[str, Any] = {"type": "page", "userId": "u1", "messageId": "m1", "properties": {"path": "/"}}
    one = translator()
    first = one.message({**sent, "sentAt": "2026-03-02T09:30:00Z", "writeKey": "w", "_lib": 1}, received_at=RECEIVED)
    again = one.message({**sent, "sentAt": "2026-03-02T09:31:00Z"}, received_at=RECEIVED + 60_000)
    other = one.message({**sent, "properties": {"path": "/x"}}, received_at=RECEIVED)
    assert (first.message_id, first.body_hash) == (again.message_id, again.body_hash)
    assert first.message_id == other.message_id
    assert first.body_hash != other.body_hash


def test_an_id_is_never_stored_as_it_came() -> None:
    message = translator().message(
        {"type": "page", "userId": "u1", "messageId": "jane@example.com"}, received_at=RECEIVED
    )
    assert "jane" not in message.message_id
    assert len(message.message_id) == 32


def test_a_message_without_an_id_goes_by_what_its_receiver_names_it_else_by_its_content() -> None:
    page = {"type": "page", "userId": "u1"}
    one = translator()
    named = {one.message(page, received_at=RECEIVED, name=name).message_id for name in ("1", "2", "")}
    assert len(named) == 3
    assert one.message(page, received_at=RECEIVED).message_id in named
