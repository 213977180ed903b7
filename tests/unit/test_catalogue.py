"""The closed list of kinds: complete, well shaped, and each line checked against it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from twostroke.cli.reference import GENERATE
from twostroke.ledger import catalogue as engine
from twostroke.ledger.catalogue import Catalogue, UnknownKindError, current, install, read_properties, register_upcaster
from twostroke.ledger.facts import Draft, Kind, Place, Precision, Property, Stroke, Team, Type
from twostroke.site.reference import pages
from twostroke.site.wiring import all_kinds, kinds_by_room

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = Catalogue(all_kinds())

_FIRST = """
page.viewed screen.viewed form.submitted product.viewed cart.changed checkout.started order.placed order.refunded
subscription.started subscription.ended signup.completed trial.started trial.ended action.taken ad.shown ad.clicked
spend.recorded mail.sent mail.delivered mail.opened mail.clicked mail.replied mail.bounced mail.complained
mail.unsubscribed event.invited event.attended card.taken content.viewed content.downloaded video.watched call.made
meeting.requested meeting.booked meeting.held meeting.missed visit.made note.written task.opened task.done deal.opened
deal.moved deal.changed deal.won deal.lost deal.reopened owner.assigned proposal.drafted proposal.sent proposal.viewed
proposal.agreed proposal.refused feedback.heard feedback.answered survey.answered review.posted ticket.opened
ticket.answered ticket.closed consent.given consent.withdrawn stage.reached handoff.offered handoff.accepted
handoff.rejected handoff.expired handoff.returned handoff.recycled company.described product.described
colleague.described person.described erasure.done identity.claimed identity.merged identity.unmerged identity.split
price.set invoice.issued payment.received rate.recorded import.started import.confirmed import.undone definition.changed
"""
FIRST_LIST = _FIRST.split()

RELIED_ON = {
    "import.started": {
        "import": Type.TEXT,
        "file_no": Type.INTEGER,
        "source_name": Type.TEXT,
        "version_time": Type.INTEGER,
        "history": Type.BOOLEAN,
    },
    "import.confirmed": {"batch": Type.TEXT, "rows": Type.JSON},
    "import.undone": {"batch": Type.TEXT},
    "definition.changed": {"name": Type.TEXT, "value": Type.JSON},
    "identity.claimed": {"ids": Type.IDS, "verified": Type.BOOLEAN},
    "identity.merged": {"ids": Type.IDS},
    "identity.unmerged": {"merge": Type.TEXT},
    "identity.split": {"merges": Type.JSON, "left": Type.IDS, "right": Type.IDS},
    "deal.opened": {"stage": Type.TEXT, "pipeline": Type.TEXT, "product": Type.ID, "expected_close": Type.DATE},
    "deal.moved": {"stage": Type.TEXT, "pipeline": Type.TEXT, "probability": Type.DECIMAL},
    "deal.won": {"reason": Type.TEXT},
    "deal.lost": {"reason": Type.TEXT},
    "stage.reached": {"stage": Type.TEXT, "name": Type.TEXT, "basis": Type.TEXT},
    "company.described": {"sector": Type.TEXT, "employees": Type.INTEGER, "founded": Type.INTEGER, "parent": Type.ID},
    "colleague.described": {"team": Type.TEXT, "territory": Type.TEXT, "manager": Type.ID, "active": Type.BOOLEAN},
    "person.described": {"country": Type.TEXT, "heard_of_us_by": Type.TEXT},
}

A_DEAL = Kind("deal.opened", "A deal.", Team.SALES, Stroke.NONE, ("deal",), 10, comes_from=("a list",))


@pytest.mark.parametrize("name", FIRST_LIST)
def test_every_kind_of_the_first_list_exists(name: str) -> None:
    assert CATALOGUE.kind(name).name == name


@pytest.mark.parametrize("name", RELIED_ON)
def test_the_properties_other_rooms_rely_on_keep_their_types(name: str) -> None:
    declared = {field: found.type for field, found in CATALOGUE.kind(name).properties.items()}
    assert RELIED_ON[name].items() <= declared.items()


@pytest.mark.parametrize("kind", CATALOGUE, ids=lambda kind: kind.name)
def test_every_kind_says_in_a_sentence_what_it_means_and_where_it_comes_from(kind: Kind) -> None:
    assert kind.meaning[0].isupper()
    assert kind.meaning.endswith(".")
    assert kind.comes_from
    assert all(declared.meaning.endswith((".", "…")) for declared in kind.properties.values())


def test_names_and_contact_details_are_personal_wherever_they_appear() -> None:
    of_people = {"email", "phone", "first_name", "last_name", "address", "ip", "verbatim", "body", "subject"}
    assert not [kind.name for kind in CATALOGUE if of_people & kind.properties.keys()]
    for name in ("person.described", "colleague.described", "company.described", "deal.opened"):
        assert "name" in CATALOGUE.kind(name).personal


def test_kinds_come_in_the_order_of_rank_and_each_belongs_to_one_room() -> None:
    ranks = [kind.rank for kind in CATALOGUE]
    assert ranks == sorted(set(ranks))
    assert len(CATALOGUE) == sum(map(len, kinds_by_room().values())) == len(ranks)


def test_a_deal_opens_first_moves_in_the_middle_and_closes_last_in_its_day() -> None:
    places = [CATALOGUE.kind(f"deal.{step}").place for step in ("opened", "moved", "won", "lost")]
    assert places == [Place.FIRST, Place.MIDDLE, Place.LAST, Place.LAST]
    ranks = [CATALOGUE.kind(f"deal.{step}").rank for step in ("opened", "moved", "won", "lost", "reopened")]
    assert ranks == sorted(ranks)


def test_a_sellers_acts_are_push_and_acts_for_many_are_pull() -> None:
    assert {CATALOGUE.kind(name).stroke for name in ("call.made", "visit.made", "proposal.sent")} == {Stroke.PUSH}
    assert {CATALOGUE.kind(name).stroke for name in ("ad.shown", "page.viewed", "mail.sent")} == {Stroke.PULL}
    assert {CATALOGUE.kind(name).stroke for name in ("deal.opened", "deal.won", "order.placed")} == {Stroke.NONE}


def test_handoffs_assignments_and_announced_stages_are_decided_and_nothing_else_is() -> None:
    decided = {kind.name for kind in CATALOGUE if kind.decided}
    handoffs = {kind.name for kind in CATALOGUE if kind.name.startswith("handoff.")}
    assert decided == handoffs | {"owner.assigned", "stage.reached"}


def test_old_versions_can_all_be_read() -> None:
    steps = [(kind.name, version) for kind in CATALOGUE for version in range(1, kind.version)]
    assert [step for step in steps if step not in engine._upcasters] == []


@pytest.mark.parametrize("page", pages())
def test_the_generated_pages_are_fresh(page: str) -> None:
    stored = ROOT / "docs" / "reference" / page
    assert stored.read_text(encoding="utf-8") == pages()[page], f"docs/reference/{page} is stale: run `{GENERATE}`"


@pytest.mark.parametrize(
    ("kinds", "words"),
    [
        ([A_DEAL, replace(A_DEAL, rank=20)], "declared twice"),
        ([A_DEAL, replace(A_DEAL, name="deal.won")], "both have rank 10"),
        ([replace(A_DEAL, rank=0)], "positive whole number"),
        ([replace(A_DEAL, rank=True)], "positive whole number"),
        ([replace(A_DEAL, subjects=())], "about nothing"),
        ([replace(A_DEAL, personal=("Name",))], "has a field 'Name'"),
        ([replace(A_DEAL, properties={"name": Property(Type.TEXT, "")}, personal=("name",))], "Choose one"),
        *[
            ([replace(A_DEAL, name=name)], "no name for a kind")
            for name in ("deal", "Deal.won", "a.b.c", "a..b", "a.b_")
        ],
    ],
)
def test_a_malformed_catalogue_is_refused_with_a_sentence(kinds: list[Kind], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Catalogue(kinds)


def test_an_unknown_kind_is_answered_with_the_nearest_one() -> None:
    with pytest.raises(UnknownKindError) as refused:
        CATALOGUE.kind("deal.opned")
    assert str(refused.value).startswith("There is no kind of line called 'deal.opned'. Did you mean deal.opened")
    assert CATALOGUE.check(Draft("deal.opned", "deal", "d1")) == [str(refused.value)]
    assert "deal.opned" not in CATALOGUE
    assert "deal.opened" in CATALOGUE


_DAYS = st.integers(min_value=-20_000, max_value=60_000)
_OPAQUE = st.text("0123456789abcdef", min_size=32, max_size=32)
_WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | _WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_WORDS, inner, max_size=3),
    max_leaves=6,
)
VALUES: dict[Type, st.SearchStrategy[Any]] = {
    Type.TEXT: _WORDS,
    Type.INTEGER: st.integers(-(2**53) + 1, 2**53 - 1),
    Type.DECIMAL: st.decimals(allow_nan=False, allow_infinity=False, places=2, max_value=10**9).map(lambda d: f"{d:f}"),
    Type.BOOLEAN: st.booleans(),
    Type.DATE: st.dates().map(lambda day: day.isoformat()),
    Type.ID: _OPAQUE,
    Type.IDS: st.lists(_OPAQUE, max_size=4),
    Type.JSON: _JSON,
}
WRONG: dict[Type, Any] = {
    Type.TEXT: 3,
    Type.INTEGER: True,
    Type.DECIMAL: 1.5,
    Type.BOOLEAN: 1,
    Type.DATE: "2024-02-30",
    Type.ID: "ann@example.org",
    Type.IDS: ["ann@example.org"],
    Type.JSON: float("nan"),
}


@st.composite
def drafts(draw: st.DrawFn) -> Draft:
    kind = draw(st.sampled_from(tuple(CATALOGUE)))
    precision = draw(st.sampled_from(Precision))
    day = draw(_DAYS) * 86_400_000
    happened = {Precision.UNKNOWN: None, Precision.DAY: day}.get(precision, day + draw(st.integers(0, 86_399_999)))
    money = kind.money and draw(st.booleans())
    given_properties = draw(st.sets(st.sampled_from(sorted(kind.properties)))) if kind.properties else set()
    return Draft(
        kind.name,
        draw(st.sampled_from(kind.subjects)),
        draw(_OPAQUE),
        happened,
        precision,
        identifier=draw(st.none() | _OPAQUE),
        channel=draw(st.none() | _WORDS),
        amount_minor=draw(st.integers(-(10**15), 10**15)) if money else None,
        currency=draw(st.sampled_from(["EUR", "USD", "JPY"])) if money else None,
        properties={name: draw(VALUES[kind.properties[name].type]) for name in sorted(given_properties)},
        personal=draw(st.dictionaries(_WORDS, _WORDS, max_size=2)),
        team=draw(st.none() | st.sampled_from(Team)),
        stroke=draw(st.none() | st.sampled_from(Stroke)),
    )


def _without_time(draft: Draft) -> Draft:
    exact = draft.precision is Precision.UNKNOWN
    return structs.replace(draft, precision=Precision.MS) if exact else structs.replace(draft, happened_at=None)


def _spoilt_money(draft: Draft) -> Draft:
    return structs.replace(draft, amount_minor=500, currency=None if CATALOGUE.kind(draft.kind).money else "EUR")


def _spoilt_property(draft: Draft) -> Draft:
    declared = CATALOGUE.kind(draft.kind).properties
    spoilt = {name: WRONG[found.type] for name, found in declared.items()} or {"undeclared": 1}
    return structs.replace(draft, properties={**draft.properties, **spoilt})


SPOILERS = {
    "another subject": lambda draft: structs.replace(draft, subject_kind="weather"),
    "no subject": lambda draft: structs.replace(draft, subject=""),
    "time against precision": _without_time,
    "a time no calendar has": lambda draft: structs.replace(draft, happened_at=10**15, precision=Precision.MS),
    "a day that is no midnight": lambda draft: structs.replace(draft, happened_at=1, precision=Precision.DAY),
    "a float as time": lambda draft: structs.replace(draft, happened_at=1.5, precision=Precision.MS),
    "an unknown precision": lambda draft: structs.replace(draft, happened_at=1, precision="week"),
    "an unknown team": lambda draft: structs.replace(draft, team="finance"),
    "an unknown stroke": lambda draft: structs.replace(draft, stroke="shove"),
    "half money, or money where none is": _spoilt_money,
    "a currency alone": lambda draft: structs.replace(draft, amount_minor=None, currency="EUR"),
    "an amount that is no whole number": lambda draft: structs.replace(draft, amount_minor=1.5, currency="EUR"),
    "a currency that is none": lambda draft: structs.replace(draft, amount_minor=1, currency="euro"),
    "a wrong type": _spoilt_property,
    "an undeclared property": lambda draft: structs.replace(draft, properties={**draft.properties, "shoe_size": 43}),
    "an over-long label": lambda draft: structs.replace(draft, campaign="x" * 32_769),
    "a NUL in a label": lambda draft: structs.replace(draft, channel="a\0b"),
    "an over-long personal field": lambda draft: structs.replace(draft, personal={"note": "é" * 16_385}),
    "half a character": lambda draft: structs.replace(draft, personal={"note": "\ud800"}),
    "an empty id": lambda draft: structs.replace(draft, identifier=""),
}


@given(drafts())
def test_a_well_formed_draft_has_no_complaints(draft: Draft) -> None:
    assert CATALOGUE.check(draft) == []


@pytest.mark.parametrize("spoiler", SPOILERS)
@given(draft=drafts())
def test_a_spoilt_draft_has_complaints_in_sentences(spoiler: str, draft: Draft) -> None:
    complaints = CATALOGUE.check(SPOILERS[spoiler](draft))
    assert complaints
    assert all(words.endswith((".", "?")) and draft.kind in words for words in complaints)


def test_complaints_name_everything_that_is_wrong_but_never_a_value() -> None:
    wrong = {"stagee": "Ann Secret", "product": "ann@secret.example", "expected_close": "Secret", "stage": None}
    complaints = CATALOGUE.check(Draft("deal.opened", "deal", "d1", properties={**wrong, "name": "Secret"}))
    assert complaints == [
        "deal.opened declares no property 'stagee'. "
        "Did you mean stage? If not, put it into the draft's personal fields.",
        "product of deal.opened must be an opaque id, not other text.",
        "expected_close of deal.opened must be a day written YYYY-MM-DD, not other text.",
        "stage of deal.opened must be text of at most 32 kB, not empty: leave the property out instead.",
        "name of deal.opened is personal: put it into the draft's personal fields.",
    ]


def test_a_text_of_just_32_kilobytes_is_taken_and_one_byte_more_is_not() -> None:
    longest = Draft("page.viewed", "person", "p1", properties={"path": "é" * 16_384})
    assert CATALOGUE.check(longest) == []
    assert CATALOGUE.check(structs.replace(longest, properties={"path": "é" * 16_384 + "x"})) == [
        "path of page.viewed is longer than 32 kB: shorten it."
    ]


def test_without_wiring_the_current_catalogue_is_refused_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "_installed", None)
    with pytest.raises(RuntimeError, match="No catalogue is installed"):
        current()
    install(CATALOGUE)
    assert current() is CATALOGUE


def test_old_properties_are_read_step_by_step_and_new_ones_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "_upcasters", {})
    register_upcaster("deal.lost", 1, lambda old: {"reason": old["why"]})
    register_upcaster("deal.lost", 2, lambda old: {"reason": old["reason"].lower()})
    as_written = {"why": "PRICE"}
    assert read_properties("deal.lost", 1, as_written) == {"reason": "price"}
    assert read_properties("deal.lost", 3, {"reason": "Price"}) == {"reason": "Price"}
    assert as_written == {"why": "PRICE"}
    with pytest.raises(ValueError, match="already has an upcaster from version 1"):
        register_upcaster("deal.lost", 1, dict)
