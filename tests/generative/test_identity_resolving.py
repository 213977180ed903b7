"""The fast way of forming persons agrees with a slow and obvious one, which shares no code with it (LEDGER 4)."""

from __future__ import annotations

from itertools import combinations
from typing import Any

from hypothesis import event, given
from hypothesis import strategies as st

from twostroke.identity.rules import (
    About,
    Claim,
    Merge,
    Split,
    Stamp,
    Unmerge,
    device_groups,
    is_shared,
    owner,
    resolve,
)

# Namespace and role of a small town: ids sort in the order of precedence here, and nowhere else need they.
TOWN = {
    **{f"a{n}": About("user:app") for n in range(3)},
    **{f"b{n}": About("record:crm:contact") for n in range(4)},
    **{f"c{n}": About("record:shop:customer") for n in range(3)},
    **{f"d{n}": About("email") for n in range(5)},
    "e0": About("email", role=True),
    **{f"f{n}": About("phone") for n in range(3)},
    **{f"g{n}": About("device:site") for n in range(2)},
}
EXCLUSIVE = ("a", "b", "c")
IDS = st.sampled_from(sorted(TOWN))
KNOWN = st.sampled_from(sorted(name for name in TOWN if name[0] != "g"))


def name_of(line: Any) -> str:
    return f"{line.stamp.source}:{line.stamp.message_id}:{line.stamp.part}"


@st.composite
def histories(draw: st.DrawFn) -> list[Any]:
    lines: list[Any] = []
    for number in range(draw(st.integers(1, 14))):
        stamp = Stamp(draw(st.integers(0, 40)), draw(st.sampled_from(["crm", "hand"])), f"m{number}", 0)
        merges = [name_of(line) for line in lines if isinstance(line, Merge)]
        splits = [name_of(line) for line in lines if isinstance(line, Split)]
        kind = draw(st.sampled_from(["claim"] * 5 + ["merge"] * 3 + ["unmerge", "split"]))
        if kind == "claim":
            ids = draw(st.lists(IDS, min_size=1, max_size=4, unique=True))
            lines.append(Claim(stamp, tuple(ids), draw(st.integers(0, 5)) > 0))
        elif kind == "merge":
            lifts = draw(st.sets(st.sampled_from(splits), max_size=1)) if splits else set()
            lines.append(
                Merge(stamp, tuple(draw(st.lists(KNOWN, min_size=2, max_size=2, unique=True))), frozenset(lifts))
            )
        elif kind == "unmerge" and merges:
            named = draw(st.lists(KNOWN, min_size=1, max_size=4, unique=True))
            lines.append(Unmerge(stamp, draw(st.sampled_from(merges)), tuple(named)))
        elif kind == "split":
            both = draw(st.lists(KNOWN, min_size=2, max_size=5, unique=True))
            taken = draw(st.sets(st.sampled_from(merges), max_size=2)) if merges else set()
            lines.append(Split(stamp, frozenset(taken), (both[0],), tuple(both[1:])))
    return lines


def slowly(lines: list[Any], shared: set[str]) -> tuple[set[frozenset[str]], set[tuple[str, str, str]]]:
    """Persons as sets of identifiers, and refused pairs, read off the rules word by word."""

    def taken_back(merge: Any) -> bool:
        later = [x for x in lines if x.stamp > merge.stamp and not isinstance(x, Claim) and meet(x, merge, shared)]
        unmerged = any(isinstance(x, Unmerge) and x.merge == name_of(merge) for x in later)
        return unmerged or any(isinstance(x, Split) and name_of(merge) in x.retracts for x in later)

    def lifted(split: Any) -> bool:
        return any(name_of(split) in m.lifts and m.stamp > split.stamp and meet(m, split, shared) for m in merges)

    merges = [x for x in lines if isinstance(x, Merge) and not taken_back(x)]
    splits = [x for x in lines if isinstance(x, Split) and not lifted(x)]
    persons: list[set[str]] = [
        {name} for name in TOWN if name[0] != "g" and any(name in x.ids for x in [*merges, *claims_of(lines)])
    ]
    refused: list[tuple[str, str, str, Any]] = []
    for line in sorted([*claims_of(lines), *merges], key=lambda x: x.stamp):
        known = sorted(name for name in line.ids if name[0] != "g")
        for other in known[1:]:
            lead = known[0]
            if any(TOWN[x].role or x in shared for x in (lead, other)):
                continue
            mine = next(p for p in persons if lead in p)
            theirs = next(p for p in persons if other in p)
            if mine is theirs:
                continue
            together = mine | theirs
            pair = (min(lead, other), max(lead, other))
            if isinstance(line, Claim) and not line.known:
                refused.append((*pair, "unverified", line))
            elif any(together & set(s.one) and together & set(s.other) for s in splits if crosses(mine, theirs, s)):
                refused.append((*pair, "split", line))
            elif isinstance(line, Claim) and any(
                any(x[0] == n for x in mine) and any(x[0] == n for x in theirs) for n in EXCLUSIVE
            ):
                refused.append((*pair, "exclusive", line))
            else:
                persons.remove(theirs)
                mine |= theirs
    apart = {(*r[:2], told_why(r, persons, splits)) for r in refused if not any({*r[:2]} <= p for p in persons)}
    return {frozenset(p) for p in persons}, apart


def told_why(refusal: tuple[str, str, str, Any], persons: list[set[str]], splits: list[Any]) -> str:
    """What is said of a pair in the end: where a split stands between the two, whether it was claimed since."""
    mine, theirs = (next(p for p in persons if name in p) for name in refusal[:2])
    between = [split for split in splits if crosses(mine, theirs, split)]
    if not between:
        return refusal[2]
    return "since" if all(refusal[3].stamp > split.stamp for split in between) else "split"


def meet(one: Any, other: Any, shared: set[str]) -> bool:
    """Whether two lines name an identifier in common that may join."""
    first, second = (set(x.one + x.other) if isinstance(x, Split) else set(x.ids) for x in (one, other))
    return any(not TOWN[name].role and name not in shared for name in first & second)


def claims_of(lines: list[Any]) -> list[Any]:
    return [x for x in lines if isinstance(x, Claim)]


def crosses(mine: set[str], theirs: set[str], split: Any) -> bool:
    one, other = set(split.one), set(split.other)
    return bool((mine & one and theirs & other) or (mine & other and theirs & one))


def quickly(lines: list[Any], shared: set[str]) -> tuple[set[frozenset[str]], set[tuple[str, str, str]]]:
    hands = [x for x in lines if not isinstance(x, Claim)]
    found = resolve(claims_of(lines), hands, TOWN, shared)
    persons: dict[str, set[str]] = {}
    for name, lead in found.component.items():
        persons.setdefault(lead, set()).add(name)
    assert all(lead == min(names) for lead, names in persons.items())
    return {frozenset(p) for p in persons.values()}, {(r.one, r.other, str(r.why)) for r in found.refused}


@given(histories(), st.sets(st.sampled_from(["d0", "f0"]), max_size=1), st.randoms())
def test_persons_and_suggestions_are_those_of_the_words(lines: list[Any], shared: set[str], order: Any) -> None:
    for line in lines:
        event(type(line).__name__)
    expected = slowly(lines, shared)
    assert quickly(lines, shared) == expected
    shuffled = list(lines)
    order.shuffle(shuffled)
    assert quickly(shuffled, shared) == expected


@given(histories())
def test_nobody_holds_two_of_an_exclusive_namespace_unless_a_person_said_so(lines: list[Any]) -> None:
    persons, _ = quickly(claims_of(lines), set())
    for person in persons:
        assert all(sum(name[0] == namespace for name in person) <= 1 for namespace in EXCLUSIVE)


@given(histories())
def test_no_standing_split_is_crossed(lines: list[Any]) -> None:
    persons, _ = quickly(lines, set())
    for split in lines:
        if isinstance(split, Split) and not any(name_of(split) in x.lifts for x in lines if isinstance(x, Merge)):
            assert not any(person & set(split.one) and person & set(split.other) for person in persons)


@given(histories(), KNOWN, KNOWN)
def test_a_merge_taken_back_leaves_nothing_behind(lines: list[Any], one: str, other: str) -> None:
    there = [*lines, Claim(Stamp(41, "crm", "x", 0), (one,)), Claim(Stamp(41, "crm", "y", 0), (other,))]
    merge = Merge(Stamp(50, "hand", "merge", 0), (one, other))
    unmerge = Unmerge(Stamp(51, "hand", "unmerge", 0), name_of(merge), merge.ids)
    assert quickly([*there, merge, unmerge], set()) == quickly(there, set())


@given(histories(), st.lists(IDS, min_size=2, max_size=3, unique=True))
def test_a_new_claim_never_reverses_an_earlier_join(lines: list[Any], ids: list[str]) -> None:
    before, _ = quickly(lines, set())
    after, _ = quickly([*lines, Claim(Stamp(99, "crm", "late", 0), tuple(ids))], set())
    assert all(any(person <= grown for grown in after) for person in before)


DEVICES = ["g0", "g1", "g2", "g3"]


@given(st.lists(st.lists(st.sampled_from(DEVICES), min_size=2, max_size=2, unique=True), max_size=4), st.randoms())
def test_devices_said_to_be_one_are_one_whatever_the_order(aliases: list[list[str]], order: Any) -> None:
    groups = device_groups(aliases, DEVICES)
    shuffled = [list(reversed(alias)) for alias in aliases]
    order.shuffle(shuffled)
    assert device_groups(shuffled, DEVICES) == groups
    for one, other in combinations(DEVICES, 2):
        assert (groups[one] == groups[other]) == reaches(aliases, one, other)


def reaches(aliases: list[list[str]], one: str, other: str) -> bool:
    seen = {one}
    for _ in DEVICES:
        seen |= {x for alias in aliases if seen & set(alias) for x in alias}
    return other in seen


@given(st.lists(st.tuples(st.sampled_from("pqr"), st.booleans()), max_size=6))
def test_a_device_follows_the_only_one_who_claims_it(claimants: list[tuple[str, bool]]) -> None:
    verified = {person for person, sure in claimants if sure}
    counted = verified or {person for person, _ in claimants}
    found = owner(claimants)
    assert (found is not None) == (len(counted) == 1)
    if found is not None:
        assert {found.person} == counted
        assert found.verified == bool(verified)


@given(st.integers(0, 30), st.integers(0, 30))
def test_more_than_twenty_values_of_one_exclusive_namespace_make_an_address_shared(records: int, emails: int) -> None:
    companions = [(f"r{n}", "record:crm:contact") for n in range(records)] + [(f"e{n}", "email") for n in range(emails)]
    assert is_shared(companions) == (records > 20)
