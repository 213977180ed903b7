"""The referee on who is who: precision and recall, by kind of dirt.

A *pair* is two identifiers of one and the same person that both stand on the log. Recall is the share of true pairs
that Twostroke has with one person, precision the share of its pairs that are true. Where nothing was dirtied, both are
exactly 1; what dirt costs is stated below, kind by kind.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import combinations

from tests.stories.firms import Firm, owners
from twostroke.identity.queries import companies, keys_of, people_of

Name = tuple[str, str]
# Strikes names, not who has them: the CRM's record and the person's own address have nothing in common any more.
UNJOINED = ("typo", "duplicate", "shared_mailbox")


def true_pairs(firm: Firm) -> list[tuple[int, Name, Name]]:
    """Every pair of known identifiers that belong to one person alone, with that person."""
    whose = owners()
    mine: dict[int, list[Name]] = defaultdict(list)
    for name in whose:
        for person in firm.names.get(name, ()):
            mine[person].append(name)
    return [(person, *pair) for person, names in mine.items() for pair in combinations(sorted(names), 2)]


def dirt_of(firm: Firm, person: int) -> str:
    """The dirt that decides whether this person can be found whole; ``""`` for none."""
    return next((kind for kind in UNJOINED if person in firm.dirt.get(kind, ())), "")


def test_nobody_is_invented(firm: Firm) -> None:
    assert set(owners()) - set(firm.names) == set()


def test_no_two_persons_are_taken_for_one(firm: Firm) -> None:
    """Precision 1, with the reception's mailbox, too: a desk's address stands for nobody."""
    groups: dict[str, set[int]] = defaultdict(set)
    for name, key in owners().items():
        if len(firm.names[name]) == 1:
            groups[key] |= firm.names[name]
    assert {key: persons for key, persons in groups.items() if len(persons) > 1} == {}


def test_whoever_was_not_dirtied_is_found_whole(firm: Firm) -> None:
    """Recall 1; and 1 as well for those whose address changed, who have two devices or forwarded a mail."""
    whose = owners()
    pairs = [pair for pair in true_pairs(firm) if not dirt_of(firm, pair[0])]
    assert len(pairs) > 100
    assert [pair for pair in pairs if whose[pair[1]] != whose[pair[2]]] == []


def test_what_dirt_costs_in_recall_is_as_stated(firm: Firm) -> None:
    """Mistyped: whatever only the true address says stays apart. Entered twice: two records stay two persons unless
    they share an address. At the reception: nothing is joined through the mailbox. No more is lost than that."""
    whose, crm = owners(), f"record:{firm.crm}:"
    lost: Counter[str] = Counter()
    for person, one, other in true_pairs(firm):
        kind = dirt_of(firm, person)
        if whose[one] == whose[other]:
            continue
        lost[kind] += 1
        addresses = {name[1] for name in (one, other) if name[0] == "email"}
        if kind == "typo":
            assert addresses & {row["email"] for row in firm.table("people") if row["person"] == person}
        elif kind == "duplicate":
            seconds = {name[1] for name in (one, other) if name[0].startswith(crm) or ".old@" in name[1]}
            assert seconds, (one, other)
        else:
            assert kind == "shared_mailbox", (person, one, other)
    assert "" not in lost


def test_companies_are_those_of_the_crm_and_everybody_is_in_theirs(firm: Firm) -> None:
    """Firms that a fair's list or an invoice names by name alone stay apart: a name joins nothing across sources."""
    known = {one.key: {i.value for i in one.identifiers if i.namespace == "domain"} for one in companies()}
    found = {domain for domains in known.values() for domain in domains}
    truly = {row["company"]: row["domain"] for row in firm.table("companies")}
    there = {row["company"] for row in firm.table("people") if (row["email"] in _addresses(firm))}
    assert found == {truly[company] for company in there if truly[company]}
    assert all(len(domains) <= 1 for domains in known.values())

    company_of = {domain: key for key, domains in known.items() for domain in domains}
    keys, whose = {}, owners()
    for name, persons in firm.names.items():
        if name in whose and name[0].startswith("record:") and len(persons) == 1:
            keys[whose[name]] = next(iter(persons))
    persons = {row["person"]: row["company"] for row in firm.table("people")}
    for domain, key in company_of.items():
        members = {truly[persons[keys[person]]] for person in people_of(key) if person in keys}
        assert members <= {domain}, domain
    assert keys_of(list(company_of.values()), "company")


def _addresses(firm: Firm) -> set[str]:
    """True addresses of those who have a record in the CRM."""
    recorded = {
        person for name, persons in firm.names.items() if name[0].startswith(f"record:{firm.crm}") for person in persons
    }
    return {row["email"] for row in firm.table("people") if row["person"] in recorded}
