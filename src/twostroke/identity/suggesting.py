"""Who may be one: pairs that lines claim to be one and the rules keep apart, and companies of one name.

A person answers with a merge or by keeping the two apart; what is answered is not asked again, until a later line says
so anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from django.db import connections

from twostroke.identity.acts import standing_among
from twostroke.identity.facts import Evidence, Suggested
from twostroke.identity.models import Suggestion
from twostroke.identity.queries import keys_and_names_of
from twostroke.identity.reading import identifiers_of
from twostroke.identity.rules import Split, Why
from twostroke.kit.text import folded
from twostroke.ledger.queries import lines_named

SAME_NAME = "name"
_MOST_NAMESAKES = 500

REASONS = {
    Why.EXCLUSIVE: "Lines say that they are one, but each has a record of its own in the same system.",
    Why.SPLIT: "Somebody said that they are not one.",
    Why.SINCE: "Somebody said that they are not one; a line since then says that they are.",
    Why.UNVERIFIED: "Only a public key says so: anybody could have sent it.",
    SAME_NAME: "They have the same name, and a name alone joins nobody.",
}


def how_many(kind: str = "person", *, using: str = "default") -> int:
    """How many pairs wait for an answer."""
    return int(_stored(kind, False, using).count()) + len(_namesakes(kind, using))


def suggestions(
    kind: str = "person", *, limit: int = 100, offset: int = 0, answered: bool = False, using: str = "default"
) -> list[Suggested]:
    """Pairs that wait for an answer, the most often claimed first; with ``answered`` those kept apart by hand, too."""
    stored = _stored(kind, answered, using)
    rows: list[tuple[str, str, str, int, tuple[str, ...]]] = [
        (one, other, why, times, tuple(msgspec.json.decode(evidence)))
        for one, other, why, times, evidence in stored.order_by("-times", "one", "other").values_list(
            "one", "other", "why", "times", "evidence"
        )[offset : offset + limit]
    ]
    if len(rows) < limit:
        start = max(0, offset - stored.count())
        rows += [(*pair, SAME_NAME, 1, ()) for pair in _namesakes(kind, using)[start : start + limit - len(rows)]]
    return _told(kind, rows, using)


def _stored(kind: str, answered: bool, using: str) -> Any:
    rows = Suggestion.objects.using(using).filter(kind=kind)
    return rows if answered else rows.exclude(why=str(Why.SPLIT))


def _told(kind: str, rows: Sequence[tuple[str, str, str, int, tuple[str, ...]]], using: str) -> list[Suggested]:
    who = keys_and_names_of({name for row in rows for name in row[:2]}, kind, using=using)
    lines = lines_named({name for row in rows for name in row[4]}, using)
    told = {name: Evidence(name, line.source, line.recorded_at // 1000, line.row) for name, line in lines.items()}
    made = []
    for one, other, why, times, names in rows:
        (key_one, name_one), (key_other, name_other) = who[one], who[other]
        evidence = tuple(told[name] for name in names if name in told)
        keys = key_one or one, key_other or other
        made.append(Suggested(kind, one, other, *keys, name_one, name_other, why, REASONS[why], times, evidence))
    return made


def _namesakes(kind: str, using: str) -> list[tuple[str, str]]:
    """Companies of one name that nothing joins and nobody parted: each with the first of that name."""
    if kind != "company":
        return []
    by_name: dict[str, set[str]] = defaultdict(set)
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT subject, name FROM identity_described WHERE kind = %s AND name <> ''", [kind])
        for subject, name in cursor:
            by_name[folded(name)].add(subject)
    groups = [sorted(subjects) for name, subjects in sorted(by_name.items()) if name and len(subjects) > 1]
    keys = keys_and_names_of({one for group in groups for one in group}, kind, using=using)
    pairs = []
    for group in groups:
        first, *others = sorted({key for one in group if (key := keys[one][0]) is not None}) or [""]
        pairs += [(first, other) for other in others]
    return _unanswered(kind, pairs[:_MOST_NAMESAKES], using)


def _unanswered(kind: str, pairs: Iterable[tuple[str, str]], using: str) -> list[tuple[str, str]]:
    pairs = list(pairs)
    ids = {key: {one.id for one in mine} for key, mine in
           identifiers_of({key for pair in pairs for key in pair}, kind, using).items()}  # fmt: skip
    everyone = {name for mine in ids.values() for name in mine}
    splits = [act for act in standing_among(everyone, kind) if isinstance(act, Split)] if everyone else []
    claimed = set(Suggestion.objects.using(using).filter(kind=kind, one__in=everyone).values_list("one", "other"))

    def is_open(pair: tuple[str, str]) -> bool:
        mine, theirs = ids[pair[0]], ids[pair[1]]
        return not any(split.parts(mine, theirs) for split in splits) and not any(
            (one in mine and other in theirs) or (one in theirs and other in mine) for one, other in claimed
        )

    return [pair for pair in pairs if is_open(pair)]
