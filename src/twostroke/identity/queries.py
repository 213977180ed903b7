"""What may be asked of who is who. Any identifier, and any key somebody ever had, finds who they are now."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator
from typing import Any

from django.conf import settings
from django.db import connections

from twostroke.identity.acts import standing_among
from twostroke.identity.facts import (
    EMAIL,
    PHONE,
    Colleague,
    Company,
    Hit,
    Known,
    Minter,
    Person,
    WhoIs,
    company_domain,
    normal_email,
    normal_phone,
)
from twostroke.identity.models import Suppression
from twostroke.identity.projection.claims import select
from twostroke.identity.reading import (
    Description,
    called,
    consents_of,
    descriptions_of,
    identifiers_of,
    laid_together,
    memberships,
    whose,
)
from twostroke.identity.rules import Merge, Split
from twostroke.kit.text import folded
from twostroke.ledger.queries import head_seq

KINDS = ("person", "company", "colleague")
_OPAQUE = re.compile(r"[0-9a-f]{32}")
_AT_ONCE = 5000


def minter(using: str = "default") -> Minter:
    """What turns values into opaque ids under this installation's key; erased values come out under new ids."""
    risen = dict(Suppression.objects.using(using).values_list("first", "generation"))
    return Minter(settings.TWOSTROKE_KEY, risen)


def risen_mark(using: str = "default") -> int:
    """A number that grows with every erasure of a value: a minter made at another one must be made anew."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT coalesce(sum(generation), 0) FROM identity_suppression")
        return int(cursor.fetchone()[0])


def key_of(reference: str, kind: str = "person", using: str = "default") -> str | None:
    """The present key of whoever has this identifier id or had this key; None where nobody does."""
    return whose([reference], kind, using).get(reference)


def keys_of(references: Collection[str], kind: str = "person", using: str = "default") -> dict[str, str]:
    """The same for many at once; those that are nobody's are left out."""
    return whose(references, kind, using)


def resolve(reference: str, *, region: str | None = None, using: str = "default") -> list[Hit]:
    """Whom or what a reference means: an e-mail, a phone, a record id, a domain, a key or opaque id, else a name.

    The likeliest first; several where several fit; none where nothing does. ``region`` reads phones without a country
    code. Records that are nobody's own (deals, products) come with their type as kind.
    """
    text = reference.strip()
    exact = identifier_ids(text, region=region, using=using)
    found = _hits(exact, using) if exact else []
    return found or search(text, using=using)


def identifier_ids(reference: str, *, region: str | None = None, using: str = "default") -> list[str]:
    """Ids of the identifiers that ``reference`` may stand for, the likeliest first; names are not looked at.

    An e-mail, a phone and a domain have an id whether or not anybody has them.
    """
    text = reference.strip()
    made, found = minter(using), []
    if _OPAQUE.fullmatch(text):  # other programs make ids of this shape, too: it may be a record's own
        found.append(text)
    email, phone, domain = normal_email(text), normal_phone(text, region), company_domain(text)
    if email is not None:
        return [made.mint(EMAIL, email)]
    if phone is not None:
        found.append(made.mint(PHONE, phone))
    if domain is not None:
        found.append(made.mint("domain", domain))
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT id FROM identity_identifier WHERE value = %s "
            "AND (namespace LIKE %s OR namespace LIKE %s) ORDER BY id",
            [text, "record:%", "user:%"],
        )
        return [*found, *(name for (name,) in cursor.fetchall())]


def _hits(names: Collection[str], using: str) -> list[Hit]:
    hits: list[Hit] = []
    for kind in KINDS:
        keys = sorted(set(whose(names, kind, using).values()))
        labels = names_of(keys, kind, using=using)
        hits += [Hit(kind, key, labels[key]) for key in keys]
    if not hits:
        sql = "SELECT id, namespace, raw FROM identity_identifier WHERE {among:id}"
        rows = sorted(select(using, sql, names))
        hits = [Hit(namespace.rpartition(":")[2], name, raw or "") for name, namespace, raw in rows if ":" in namespace]
    return hits


def search(text: str, *, limit: int = 20, kinds: Collection[str] = KINDS, using: str = "default") -> list[Hit]:
    """Persons, companies and colleagues with words beginning like those of ``text``, by name; at most ``limit``."""
    words = folded(text).split()
    if not words:
        return []
    conditions = " AND ".join(["search LIKE %s ESCAPE '!'"] * len(words))
    escaped = [re.sub(r"([!%_])", r"!\1", word) for word in words]
    with connections[using].cursor() as cursor:
        cursor.execute(
            f"SELECT kind, subject FROM identity_described WHERE {conditions} ORDER BY subject LIMIT %s",
            [*(f"% {word}%" for word in escaped), limit * 10],
        )
        rows = [(kind, subject) for kind, subject in cursor.fetchall() if kind in kinds]
    hits = []
    for kind in KINDS:
        keys = set(whose([subject for k, subject in rows if k == kind], kind, using).values())
        hits += [Hit(kind, key, name) for key, name in names_of(keys, kind, using=using).items()]
    return sorted(hits, key=lambda hit: (folded(hit.name), hit.kind, hit.id))[:limit]


def names_of(names: Collection[str], kind: str = "person", *, using: str = "default") -> dict[str, str]:
    """The name to show for each of these keys or identifiers, in bulk; ``""`` where nothing is known."""
    return {name: called_ for name, (_, called_) in keys_and_names_of(names, kind, using=using).items()}


def keys_and_names_of(
    names: Collection[str], kind: str = "person", *, using: str = "default"
) -> dict[str, tuple[str | None, str]]:
    """The same with the present key of each before its name; None for those that are nobody's."""
    keys = whose(names, kind, using)
    known = identifiers_of(set(keys.values()), kind, using)
    told = _descriptions(known, kind, using)
    labels = {key: called(laid_together(told[key]), known[key]) for key in known}
    strays = {name for name in names if name not in keys}
    if strays:
        sql = "SELECT id, raw FROM identity_identifier WHERE {among:id}"
        labels |= {name: raw or "" for name, raw in select(using, sql, strays)}
    return {name: (keys.get(name), labels.get(keys.get(name, name), "")) for name in names}


def _descriptions(known: dict[str, list[Known]], kind: str, using: str) -> dict[str, list[Description]]:
    by_subject = descriptions_of({one.id for mine in known.values() for one in mine}, kind, using)
    return {key: [by_subject[one.id] for one in mine if one.id in by_subject] for key, mine in known.items()}


def person(reference: str, using: str = "default") -> Person | None:
    """The person who has this key or identifier id, whole; None where nobody does."""
    return next(iter(persons([reference], using)), None)


def persons(references: Collection[str], using: str = "default") -> list[Person]:
    """The persons of these keys or identifier ids, each once, by key."""
    known, told = _whole(references, "person", using)
    companies = {row[0] for mine in told.values() for one in mine for row in one.companies}
    company_of = whose(companies, "company", using) if companies else {}
    consents = consents_of(known, using)
    made = []
    for key in sorted(known):
        traits = laid_together(told[key])
        made.append(
            Person(
                key=key,
                name=called(traits, known[key]),
                identifiers=tuple(known[key]),
                traits=traits,
                companies=memberships(told[key], company_of),
                consents=consents.get(key, ()),
                anonymous=all(one.namespace.startswith("device:") for one in known[key]),
            )
        )
    return made


def _whole(
    references: Collection[str], kind: str, using: str
) -> tuple[dict[str, list[Known]], dict[str, list[Description]]]:
    known = identifiers_of(set(whose(references, kind, using).values()), kind, using)
    return known, _descriptions(known, kind, using)


def all_keys(kind: str = "person", using: str = "default") -> list[str]:
    """The keys of all persons (anonymous visitors left out), companies or colleagues, sorted."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT person FROM identity_member WHERE kind = %s AND NOT anonymous ORDER BY person", [kind]
        )
        return sorted(key for (key,) in cursor.fetchall())


def count(kind: str = "person", using: str = "default") -> int:
    """How many persons (anonymous visitors left out), companies or colleagues there are."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT person) FROM identity_member WHERE kind = %s AND NOT anonymous", [kind])
        return int(cursor.fetchone()[0])


def edition(using: str = "default") -> Hashable:
    """What is another value as soon as who there is, who is who, or what anybody is called may have changed.

    Rows are never rewritten in place: whoever is formed or described anew has a row with a new, higher number.
    """
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT max(seq) FROM identity_claimed")
        claim = cursor.fetchone()[0] or head_seq(using)
        cursor.execute("SELECT event_id FROM ledger_line WHERE seq = %s", [claim])
        found: list[Any] = [cursor.fetchone()]
        for what in ("id, identifier, person FROM identity_member", "id, subject, traits FROM identity_described"):
            cursor.execute(f"SELECT {what} ORDER BY id DESC LIMIT 1")
            found.append(cursor.fetchone())
        for table in ("identity_member", "identity_described", "identity_suppression"):
            cursor.execute(f"SELECT count(*) FROM {table}")
            found.append(cursor.fetchone())
    return tuple(found)


def company(reference: str, using: str = "default") -> Company | None:
    """The company that has this key or identifier id; None where none does."""
    return next(iter(companies([reference], using)), None)


def companies(references: Collection[str] | None = None, using: str = "default") -> list[Company]:
    """The companies of these keys or identifier ids, or all; by name."""
    known, told = _whole(all_keys("company", using) if references is None else references, "company", using)
    parents, children = _family(using)
    made = []
    for key in known:
        traits = laid_together(told[key])
        identifiers = tuple(known[key])
        made.append(
            Company(
                key, called(traits, identifiers), identifiers, traits, parents.get(key), tuple(children.get(key, ()))
            )
        )
    return sorted(made, key=lambda one: (folded(one.name), one.key))


def _family(using: str) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Parents and children of companies, by present keys; a company is never its own parent."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT subject FROM identity_described WHERE kind = 'company' AND traits LIKE %s", ['%"parent":[%']
        )
        subjects = [subject for (subject,) in cursor.fetchall()]
    known, told = _whole(subjects, "company", using)
    named = {key: trait.value for key in known if (trait := laid_together(told[key]).get("parent")) is not None}
    keys = whose(set(named.values()), "company", using) if named else {}
    parents = {key: keys.get(name, name) for key, name in named.items() if keys.get(name, name) != key}
    children: dict[str, list[str]] = defaultdict(list)
    for key, parent in sorted(parents.items()):
        children[parent].append(key)
    return parents, children


def people_of(reference: str, using: str = "default") -> list[str]:
    """Keys of the persons who are with this company at present, sorted."""
    return people_of_each([reference], using)[reference]


def people_of_each(references: Collection[str], using: str = "default") -> dict[str, list[str]]:
    """The same for many companies at once, by the key or identifier id given."""
    keys = whose(references, "company", using)
    known = identifiers_of(set(keys.values()), "company", using)
    # A company that has no row yet is still named by people's lines.
    company_of = {one.id: key for key, mine in known.items() for one in mine} | {
        name: name for name in references if name not in keys
    }
    rows = select(using, _PEOPLE, company_of.keys())
    person_of = whose({subject for subject, _ in rows}, "person", using)
    there: dict[str, set[str]] = defaultdict(set)
    for subject, company in rows:
        if subject in person_of:
            there[company_of[company]].add(person_of[subject])
    return {name: sorted(there[keys.get(name, name)]) for name in references}


_PEOPLE = (
    "SELECT subject, company FROM identity_described WHERE {among:company} AND company IS NOT NULL AND kind = 'person'"
)


def colleague(reference: str, using: str = "default") -> Colleague | None:
    """The colleague who has this key or identifier id; None where none does."""
    return next(iter(colleagues([reference], using)), None)


def colleagues(references: Collection[str] | None = None, using: str = "default") -> list[Colleague]:
    """The colleagues of these keys or identifier ids, or all; by name. Managers by their present keys."""
    known, told = _whole(all_keys("colleague", using) if references is None else references, "colleague", using)
    traits = {key: laid_together(told[key]) for key in known}
    managers = {mine["manager"].value for mine in traits.values() if "manager" in mine}
    keys = whose(managers, "colleague", using) if managers else {}

    def said(key: str, name: str) -> Any:
        """What is said of a colleague under this name, None where nobody says it."""
        return traits[key][name].value if name in traits[key] else None

    made = [
        Colleague(
            key=key,
            name=called(traits[key], known[key]),
            identifiers=tuple(known[key]),
            traits=traits[key],
            team=said(key, "team"),
            territory=said(key, "territory"),
            manager=keys.get(said(key, "manager"), said(key, "manager")),
        )
        for key in known
    ]
    return sorted(made, key=lambda one: (folded(one.name), one.key))


def identifiers(reference: str, kind: str = "person", using: str = "default") -> list[str]:
    """All identifier ids of whoever has this key or identifier id: what their lines on the log are found by."""
    return identifiers_of_all([reference], kind, using)


def identifiers_of_all(references: Collection[str], kind: str = "person", using: str = "default") -> list[str]:
    """The same for many at once, in one list, by key."""
    known = identifiers_of(set(whose(references, kind, using).values()), kind, using)
    return [one.id for _, mine in sorted(known.items()) for one in mine]


def who_is_who(kind: str = "person", using: str = "default") -> Iterator[WhoIs]:
    """Every identifier with the key of whoever has it, by identifier."""
    after = ""
    while True:
        with connections[using].cursor() as cursor:
            cursor.execute(
                "SELECT identifier, person, anonymous, verified FROM identity_member "
                "WHERE kind = %s AND identifier > %s ORDER BY identifier LIMIT %s",
                [kind, after, _AT_ONCE],
            )
            rows = cursor.fetchall()
        for identifier, key, anonymous, verified in rows:
            yield WhoIs(identifier, key, bool(anonymous), bool(verified))
        if len(rows) < _AT_ONCE:
            return
        after = rows[-1][0]


def acts_on(reference: str, kind: str = "person", using: str = "default") -> tuple[list[str], list[str]]:
    """Names of the merges, and of the splits, that stand and name an identifier of whoever this is."""
    names = identifiers(reference, kind, using)
    acts = standing_among(names, kind) if names else []
    return (
        [act.stamp.name for act in acts if isinstance(act, Merge)],
        [act.stamp.name for act in acts if isinstance(act, Split)],
    )


def labels_of(subjects: Iterable[tuple[str, str]], using: str = "default") -> dict[str, str]:
    """What to call each (subject kind, id): names of persons, companies and colleagues, record ids of all else."""
    by_kind: dict[str, set[str]] = defaultdict(set)
    for kind, subject in subjects:
        by_kind[kind if kind in KINDS else "record"].add(subject)
    labels: dict[str, str] = {}
    for kind, names in by_kind.items():
        if kind in KINDS:
            labels |= names_of(names, kind, using=using)
        else:
            rows = select(using, "SELECT id, raw FROM identity_identifier WHERE {among:id}", names)
            labels |= {name: raw or "" for name, raw in rows}
    return labels
