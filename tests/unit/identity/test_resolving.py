"""Persons from claims and acts, told one by one (LEDGER 4)."""

from __future__ import annotations

from collections.abc import Sequence

from twostroke.identity.rules import About, Claim, Merge, Refused, Split, Stamp, Unmerge, Why, resolve

ABOUT = {
    "jane-crm": About("record:crm:contact"),
    "june-crm": About("record:crm:contact"),
    "jane-shop": About("record:shop:customer"),
    "jane@": About("email"),
    "june@": About("email"),
    "info@": About("email", role=True),
    "+49": About("phone"),
    "cookie": About("device:site"),
}


def at(instant: int) -> Stamp:
    return Stamp(instant, "crm", f"m{instant}", 0)


def persons(*lines: Claim | Merge | Unmerge | Split, shared: Sequence[str] = ()) -> list[set[str]]:
    claims = [line for line in lines if isinstance(line, Claim)]
    hands = [line for line in lines if not isinstance(line, Claim)]
    found: dict[str, set[str]] = {}
    for name, lead in resolve(claims, hands, ABOUT, set(shared)).component.items():
        found.setdefault(lead, set()).add(name)
    return [found[lead] for lead in sorted(found)]


def refusals(*lines: Claim | Merge | Unmerge | Split) -> list[Refused]:
    claims = [line for line in lines if isinstance(line, Claim)]
    return resolve(claims, [line for line in lines if not isinstance(line, Claim)], ABOUT).refused


JANE = Claim(at(1), ("jane-crm", "jane@"))
JUNE = Claim(at(2), ("june-crm", "june@"))
GLUE = Claim(at(3), ("june-crm", "jane@"))
MERGE = Merge(at(4), ("jane@", "june@"))


def test_a_claim_joins_its_identifiers_and_the_device_stays_out() -> None:
    assert persons(Claim(at(1), ("cookie", "+49", "jane@", "jane-crm"))) == [{"jane-crm", "jane@", "+49"}]


def test_two_records_of_one_object_type_stay_apart_and_are_suggested() -> None:
    assert persons(JANE, GLUE) == [{"jane-crm", "jane@"}, {"june-crm"}]
    assert refusals(JANE, GLUE) == [Refused("jane@", "june-crm", Why.EXCLUSIVE, at(3))]


def test_each_pair_of_a_claim_is_tried_alone() -> None:
    assert persons(JANE, Claim(at(2), ("june-crm", "jane@", "+49"))) == [{"jane-crm", "jane@"}, {"june-crm", "+49"}]


def test_receipt_decides_and_arrival_does_not() -> None:
    early = Claim(at(0), ("june-crm", "jane@"))
    assert persons(JANE, early) == persons(early, JANE) == [{"jane-crm"}, {"june-crm", "jane@"}]


def test_a_desks_address_and_a_shared_phone_join_nothing() -> None:
    assert persons(Claim(at(1), ("jane-crm", "info@")), Claim(at(2), ("jane-shop", "info@"))) == [
        {"info@"},
        {"jane-crm"},
        {"jane-shop"},
    ]
    assert persons(Claim(at(1), ("jane-crm", "+49")), shared=["+49"]) == [{"+49"}, {"jane-crm"}]


def test_a_public_keys_word_is_only_a_suggestion() -> None:
    claim = Claim(at(1), ("jane-crm", "jane@"), known=False)
    assert persons(claim) == [{"jane-crm"}, {"jane@"}]
    assert refusals(claim) == [Refused("jane-crm", "jane@", Why.UNVERIFIED, at(1))]


def test_a_person_may_merge_two_records_of_one_object_type() -> None:
    assert persons(JANE, JUNE, MERGE) == [{"jane-crm", "jane@", "june-crm", "june@"}]


def test_unmerge_leaves_no_trace_and_takes_back_only_what_came_before() -> None:
    assert persons(JANE, JUNE, MERGE, Unmerge(at(5), MERGE.stamp.name, MERGE.ids)) == persons(JANE, JUNE)
    assert persons(JANE, JUNE, MERGE, Unmerge(at(3), MERGE.stamp.name, MERGE.ids)) == persons(JANE, JUNE, MERGE)


def test_what_names_none_of_its_identifiers_takes_nothing_back() -> None:
    assert persons(JANE, JUNE, MERGE, Unmerge(at(5), MERGE.stamp.name, ("+49",))) == persons(JANE, JUNE, MERGE)


def test_a_split_keeps_two_sides_apart_against_claims_and_merges() -> None:
    split = Split(at(5), frozenset({MERGE.stamp.name}), ("jane-crm", "jane@"), ("june-crm", "june@"))
    again = Merge(at(6), ("jane@", "june@"))
    bridge = [Claim(at(7), ("jane-shop", "jane@")), Claim(at(8), ("jane-shop", "june@"))]
    assert persons(JANE, JUNE, MERGE, split) == persons(JANE, JUNE)
    assert persons(JANE, JUNE, MERGE, split, again) == persons(JANE, JUNE)
    assert refusals(JANE, JUNE, split, again) == [Refused("jane@", "june@", Why.SINCE, at(6))]
    assert persons(JANE, JUNE, split, *bridge) == [{"jane-crm", "jane-shop", "jane@"}, {"june-crm", "june@"}]


def test_a_split_parts_what_an_earlier_claim_joined() -> None:
    assert persons(JANE, Split(at(5), frozenset(), ("jane-crm",), ("jane@",))) == [{"jane-crm"}, {"jane@"}]


def test_a_later_merge_that_names_the_split_lifts_it_and_taking_it_back_puts_the_split_back() -> None:
    split = Split(at(5), frozenset(), ("jane-crm",), ("jane@",))
    lifting = Merge(at(6), ("jane-crm", "jane@"), frozenset({split.stamp.name}))
    assert persons(JANE, split, lifting) == [{"jane-crm", "jane@"}]
    assert persons(JANE, split, lifting, Unmerge(at(7), lifting.stamp.name, lifting.ids)) == [{"jane-crm"}, {"jane@"}]


def test_what_ended_up_together_anyway_is_no_suggestion() -> None:
    assert refusals(JANE, GLUE, Merge(at(4), ("jane-crm", "june-crm"))) == []
