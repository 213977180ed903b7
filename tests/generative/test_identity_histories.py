"""Random histories on a real log: any order of arrival gives the same persons, and they are those of the words.

The histories hold claims, public keys' claims, merges, unmerges, splits, lifted splits, undone imports, bare views,
aliases and shared devices; the run counts how many of each (``--hypothesis-show-statistics``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from twostroke.identity.actions import store_identifiers
from twostroke.identity.facts import Minter, device_namespace, is_device
from twostroke.identity.models import Member, Suggestion
from twostroke.identity.past import who_was_who
from twostroke.identity.projection import PROJECTIONS, often
from twostroke.identity.queries import who_is_who
from twostroke.ledger import projecting
from twostroke.ledger.actions import append, catch_up
from twostroke.ledger.databases import insert_rows
from twostroke.ledger.facts import LINE_COLUMNS, Draft, Line, Message, Trust
from twostroke.ledger.queries import every_line, head_seq

pytestmark = pytest.mark.django_db

MINTER = Minter(b"a key for histories")
KNOWN = [
    *(MINTER.record("crm", "contact", str(n)) for n in range(3)),
    *(MINTER.record("shop", "customer", str(n)) for n in range(2)),
    *(MINTER.mint("email", f"{name}@acme.example") for name in ("ann", "bob", "info")),
    MINTER.mint("phone", "+4930123456"),
]
DEVICES = [MINTER.mint(device_namespace("site"), f"c{n}") for n in range(3)]
MINTED = MINTER.drain()
NAMESPACE = {one.id: one.namespace for one in MINTED}
DESK = KNOWN[7]
BATCHES = ["b1", "b2"]
PRECEDENCE = ["record", "email", "phone", "device"]


def rank(name: str) -> tuple[int, str, str]:
    return PRECEDENCE.index(NAMESPACE[name].partition(":")[0]), NAMESPACE[name], name


def leading(ids: list[str]) -> list[str]:
    return sorted(ids, key=rank)


@st.composite
def histories(draw: st.DrawFn) -> list[Message]:
    """Messages with their stamps; imports begin before anything else."""
    history = [
        message(n, Draft("import.started", "import", batch, properties={"source_name": "crm"}), batch=batch)
        for n, batch in enumerate(BATCHES)
    ]
    merges: list[str] = []
    splits: list[str] = []
    for number in range(10, 10 + draw(st.integers(2, 10))):
        kind = draw(st.sampled_from(["claim"] * 5 + ["alias", "view", "merge", "merge", "unmerge", "split", "undo"]))
        if kind in ("merge", "split", "unmerge"):
            properties = draw(act(kind, merges, splits))
            if properties is None:
                continue
            (merges if kind == "merge" else splits).append(f"crm:m{number:03}:0") if kind != "unmerge" else None
            subject = (properties.get("ids") or properties["left"])[0]
            name = {"merge": "identity.merged", "unmerge": "identity.unmerged", "split": "identity.split"}[kind]
            history.append(message(number, Draft(name, "person", subject, identifier=subject, properties=properties)))
        elif kind == "undo":
            batch = draw(st.sampled_from(BATCHES))
            history.append(
                message(
                    number, Draft("import.undone", "import", batch, properties={"batch": batch, "source_name": "crm"})
                )
            )
        elif kind == "view":
            device = draw(st.sampled_from(DEVICES))
            history.append(message(number, Draft("page.viewed", "person", device, identifier=device)))
        else:
            town = DEVICES if kind == "alias" else KNOWN + DEVICES
            ids = leading(draw(st.lists(st.sampled_from(town), min_size=2, max_size=3, unique=True)))
            claim = Draft("identity.claimed", "person", ids[0], identifier=ids[0], properties={"ids": ids})
            trust = draw(st.sampled_from([Trust.KNOWN] * 3 + [Trust.CLAIMED]))
            history.append(message(number, claim, trust=trust, batch=draw(st.sampled_from([None, *BATCHES]))))
        event(kind)
    return history


@st.composite
def act(draw: st.DrawFn, kind: str, merges: list[str], splits: list[str]) -> dict[str, Any] | None:
    if kind == "unmerge":
        if not merges:
            return None
        ids = draw(st.lists(st.sampled_from(KNOWN), min_size=1, max_size=len(KNOWN), unique=True))
        return {"merge": draw(st.sampled_from(merges)), "ids": ids}
    ids = draw(st.lists(st.sampled_from(KNOWN), min_size=2, max_size=4, unique=True))
    if kind == "merge":
        lifts = [draw(st.sampled_from(splits))] if splits and draw(st.booleans()) else []
        return {"ids": leading(ids[:2]), "lifts": lifts}
    taken = [draw(st.sampled_from(merges))] if merges and draw(st.booleans()) else []
    return {"merges": taken, "left": ids[:1], "right": ids[1:]}


def message(number: int, draft: Draft, *, batch: str | None = None, trust: Trust = Trust.KNOWN) -> Message:
    is_row = batch is not None and draft.kind != "import.started"
    name = f"{number:032x}.{number:032x}" if is_row else f"m{number:03}"
    row = number if is_row else None
    return Message("crm", name, name, (draft,), trust=trust, batch=batch, row=row, recorded_at=1_000_000 + number)


@pytest.fixture(autouse=True, params=[often.OFTEN, 1], ids=["named seldom", "named often"])
def _only_identity_folds(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(often, "OFTEN", request.param)
    before = projecting.installed()[1:]
    projecting.install(PROJECTIONS)
    yield
    projecting.install(before)


Rows = tuple[list[Any], list[Any]]


def written(history: list[Message], *, at_once: bool) -> tuple[Rows, list[Line]]:
    """Who is who after the writer took these messages, and the lines it made; all is rolled back again."""
    with transaction.atomic():
        store_identifiers(MINTED)
        for one in history:
            append([one])
            if not at_once:
                catch_up()
        found = rows_now()
        lines = list(every_line())
        transaction.set_rollback(True)
    return found, lines


def arrived(lines: list[Line]) -> Rows:
    """Who is who after copies of these lines came in this order, each folded before the next; all is rolled back."""
    with transaction.atomic(), connection.cursor() as cursor:
        store_identifiers(MINTED)
        for seq, line in enumerate(lines, start=1):
            insert_rows(connection, "ledger_line", LINE_COLUMNS, [line._replace(seq=seq)])
            cursor.execute("UPDATE ledger_head SET seq = %s, commit_number = %s", [seq, seq])
            catch_up()
        found = rows_now()
        transaction.set_rollback(True)
    return found


def rows_now() -> Rows:
    catch_up()
    assert projecting.behind().broken == 0
    members = sorted(Member.objects.values_list(*Member.natural_key, *Member.hashed))
    suggested = sorted(Suggestion.objects.values_list(*Suggestion.natural_key, *Suggestion.hashed))
    return members, suggested


def persons_in(members: Any) -> set[frozenset[str]]:
    found: dict[str, set[str]] = {}
    for _, identifier, person, *_ in members:
        found.setdefault(person, set()).add(identifier)
    return {frozenset(names) for names in found.values()}


def read_slowly(history: list[Message]) -> set[frozenset[str]]:
    """Persons and visitors, read off the rules word by word, from the lines no undo took away."""
    undone = {m.drafts[0].subject for m in history if m.drafts[0].kind == "import.undone"}
    there = [m for m in history if m.batch not in undone]
    of = lambda kind: [m for m in there if m.drafts[0].kind == kind]  # noqa: E731
    name = lambda m: f"{m.source}:{m.message_id}:0"  # noqa: E731
    said = lambda m, field: list(m.drafts[0].properties.get(field, []))  # noqa: E731
    stamp = lambda m: m.recorded_at  # noqa: E731
    every = lambda m: {i for field in ("ids", "left", "right") for i in said(m, field) if i != DESK}  # noqa: E731
    takers = [(m, m.drafts[0].properties["merge"]) for m in of("identity.unmerged")]
    takers += [(m, merge) for m in of("identity.split") for merge in said(m, "merges")]
    merges = [
        m
        for m in of("identity.merged")
        if not any(stamp(t) > stamp(m) and it == name(m) and every(t) & every(m) for t, it in takers)
    ]
    splits = [
        m
        for m in of("identity.split")
        if not any(name(m) in said(x, "lifts") and stamp(x) > stamp(m) and every(x) & every(m) for x in merges)
    ]
    claims = of("identity.claimed")
    named = {i for m in claims for i in said(m, "ids")} | {m.drafts[0].subject for m in of("page.viewed")}
    persons = _known_joined(sorted([*claims, *merges], key=stamp), splits, said)
    return _with_devices(persons, claims, said, named)


def _known_joined(lines: list[Message], splits: list[Message], said: Callable[..., list[str]]) -> list[set[str]]:
    persons = [{i} for i in KNOWN]
    for line in lines:
        known = [i for i in leading(said(line, "ids")) if not is_device(NAMESPACE[i])]
        for other in known[1:]:
            mine = next(p for p in persons if known[0] in p)
            theirs = next(p for p in persons if other in p)
            if mine is theirs or DESK in (known[0], other) or line.trust == Trust.CLAIMED:
                continue
            sides = [(set(said(s, "left")), set(said(s, "right"))) for s in splits]
            if any((mine & a and theirs & b) or (mine & b and theirs & a) for a, b in sides):
                continue
            records = [{NAMESPACE[i] for i in p if NAMESPACE[i].startswith("record:")} for p in (mine, theirs)]
            if line.drafts[0].kind == "identity.claimed" and records[0] & records[1]:
                continue
            persons.remove(theirs)
            mine |= theirs
    return persons


def _with_devices(
    persons: list[set[str]], claims: list[Message], said: Callable[..., list[str]], named: set[str]
) -> set[frozenset[str]]:
    groups = [{d} for d in DEVICES]
    for claim in claims:
        ids = said(claim, "ids")
        if all(is_device(NAMESPACE[i]) for i in ids):
            touched = [g for g in groups if g & set(ids)]
            groups = [g for g in groups if g not in touched] + [set().union(*touched)]
    for group in groups:
        owners: dict[bool, list[set[str]]] = {True: [], False: []}
        for claim in claims:
            lead = leading(said(claim, "ids"))[0]
            if group & set(said(claim, "ids")) and lead in KNOWN and lead != DESK:
                person = next(p for p in persons if lead in p)
                mine = owners[claim.trust == Trust.KNOWN]
                if person not in mine:
                    mine.append(person)
        counted = owners[True] or owners[False]
        if len(counted) == 1:
            counted[0] |= group
        else:
            persons.append(group)
    return {frozenset(p & named) for p in persons if p & named}


@settings(suppress_health_check=list(HealthCheck))
@given(histories(), st.randoms())
def test_any_order_of_arrival_live_or_rebuilt_gives_the_same_persons(history: list[Message], luck: Any) -> None:
    live, lines = written(history, at_once=False)
    rebuilt, _ = written(history, at_once=True)
    assert rebuilt == live
    luck.shuffle(lines)
    assert arrived(lines) == live


@settings(suppress_health_check=list(HealthCheck))
@given(histories())
def test_the_persons_are_those_of_the_words(history: list[Message]) -> None:
    (members, _), _ = written(history, at_once=False)
    assert persons_in(members) == read_slowly(history)


@settings(suppress_health_check=list(HealthCheck))
@given(histories(), st.randoms(use_true_random=False))
def test_who_was_who_at_a_line_is_who_was_who_then(history: list[Message], luck: Any) -> None:
    with transaction.atomic():
        store_identifiers(MINTED)
        then = {}
        for one in history:
            append([one])
            catch_up()
            then[head_seq()] = sorted(who_is_who())
        for seq, expected in luck.sample(sorted(then.items()), 2):
            assert who_was_who("person", seq) == expected
        transaction.set_rollback(True)
