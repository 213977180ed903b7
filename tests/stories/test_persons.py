"""The referee on who is who: precision and recall, by kind of dirt.

A *pair* is two identifiers of one and the same person that both stand on the log. Recall is the share of true pairs
that Twostroke has with one person, precision the share of its pairs that are true. Where nothing was dirtied, both are
exactly 1; what dirt costs is stated below, kind by kind.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations

import pytest

from tests.stories.firms import Firm, owners
from twostroke.identity.queries import companies, keys_of, people_of

# Whole firms come in: once is enough, since both databases are held to the same state elsewhere.
pytestmark = pytest.mark.sqlite

Name = tuple[str, str]
# Strikes names, not who has them: the CRM's record and the person's own address have nothing in common any more.
UNJOINED = ("typo", "changed", "duplicate", "shared_mailbox")
# Recall that is promised for each, as a share of pairs.
AT_LEAST = {"": 1.0, "typo": 0.3, "changed": 0.3, "duplicate": 0.25, "shared_mailbox": 0.1}
ON_THE_SITE = ("user:site", "device:site")


def true_pairs(firm: Firm) -> list[tuple[int, Name, Name]]:
    """Every pair of known identifiers that belong to one person alone, with that person.

    Whoever never gave the site an address is somebody else there as far as anybody can know: no pair leads across.
    """
    whose, named = owners(), firm.named_on_the_site
    mine: dict[int, list[Name]] = defaultdict(list)
    for name in whose:
        for person in firm.names.get(name, ()):
            mine[person].append(name)
    return [
        (person, one, other)
        for person, names in mine.items()
        for one, other in combinations(sorted(names), 2)
        if person in named or (one[0] in ON_THE_SITE) == (other[0] in ON_THE_SITE)
    ]


def dirt_of(firm: Firm, person: int) -> str:
    """The dirt that decides whether this person can be found whole; ``""`` for none."""
    return next((kind for kind in UNJOINED if person in firm.dirt.get(kind, ())), "")


def test_nobody_is_invented(firm: Firm) -> None:
    """But for a tablet that one visitor alone used: it is not theirs, and nobody can know."""
    strangers = {name for name in owners() if name not in firm.names}
    assert len(strangers) <= 3, strangers
    assert {space for space, _ in strangers} <= {"device:site"}


def test_no_two_persons_are_taken_for_one(firm: Firm) -> None:
    """Precision 1 of addresses and records, with the reception's mailbox, too: a desk's address stands for nobody.

    A device is taken for another's where somebody clicked in a mail that was forwarded to them, and never said who they
    are: at most once for each such mail.
    """
    groups: dict[str, set[int]] = defaultdict(set)
    devices: dict[str, set[int]] = defaultdict(set)
    for name, key in owners().items():
        if len(firm.names.get(name, ())) == 1:
            (devices if name[0] == "device:site" else groups)[key] |= firm.names[name]
    assert {key: persons for key, persons in groups.items() if len(persons) > 1} == {}
    wrong = {key for key, persons in devices.items() if len(persons | groups.get(key, set())) > 1}
    assert len(wrong) <= len(firm.dirt.get("forwarded", ()))


def test_whoever_was_not_dirtied_is_found_whole(firm: Firm) -> None:
    """Recall 1; and 1 as well for those who have two devices, forwarded a mail or used the tablet at the fair."""
    whose = owners()
    pairs = [pair for pair in true_pairs(firm) if not dirt_of(firm, pair[0])]
    assert len(pairs) > 300
    assert [pair for pair in pairs if whose[pair[1]] != whose[pair[2]]] == []


def test_what_dirt_costs_in_recall_is_as_stated(firm: Firm) -> None:
    """Mistyped or changed: what the one address says stays apart from what the other says. Entered twice: two records
    are two persons unless they share an address. At the reception: nothing is joined through the mailbox. A name joins
    nothing, so these are found by whoever looks at the list."""
    whose = owners()
    found: dict[str, list[bool]] = defaultdict(list)
    for person, one, other in true_pairs(firm):
        found[dirt_of(firm, person)].append(whose[one] == whose[other])
    recall = {kind: sum(pairs) / len(pairs) for kind, pairs in found.items()}
    print({kind or "none": (round(share, 2), len(found[kind])) for kind, share in recall.items()})
    assert {kind for kind in found if recall[kind] < AT_LEAST[kind]} == set(), recall


def test_companies_are_those_of_the_crm_and_everybody_is_in_theirs(firm: Firm) -> None:
    """Firms that a fair's list or an invoice names by name alone stay apart: a name joins nothing across sources."""
    known = {one.key: {i.value for i in one.identifiers if i.namespace == "domain"} for one in companies()}
    found = {domain for domains in known.values() for domain in domains}
    truly = {row["company"]: row["domain"] for row in firm.table("companies")}
    there = {row["company"] for row in firm.table("people") if (row["email"] in _addresses(firm))}
    assert {truly[company] for company in there if truly[company]} <= found <= set(truly.values())
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
