"""The engine of the catalogue: which kinds of line exist, and whether a draft is one of them.

Rooms declare their kinds in ``facts.KINDS``; ``site/wiring.py`` joins them; this module never names one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, NamedTuple

from twostroke.ledger.facts import Draft, Kind, Precision, Stroke, Team, Type
from twostroke.ledger.values import EXPECTED, fits, is_plain_text, overlong

_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*\.[a-z][a-z0-9]*(_[a-z0-9]+)*")
_FIELD = re.compile(r"[a-z][a-z0-9_]*")
_DAY = 86_400_000
# Years 1 to 9999: outside of them no calendar of ours can show the day.
_EARLIEST, _LATEST = -62_135_596_800_000, 253_402_300_799_999
_BIGGEST_AMOUNT = 2**63 - 1
_TEAMS, _STROKES, _PRECISIONS = frozenset(Team), frozenset(Stroke), frozenset(Precision)
_CURRENCY = re.compile(r"[A-Z]{3}")
_IDS = ("identifier", "company", "actor", "supersedes")
_LABELS = ("channel", "campaign", "content")
_NO_LABELS = (None, None, None)

Upcaster = Callable[[Mapping[str, Any]], dict[str, Any]]


class UnknownKindError(KeyError):
    """No kind of that name; the text is a sentence for people."""

    def __str__(self) -> str:
        """The sentence itself: ``KeyError`` would show it in quotes."""
        return str(self.args[0])


class Written(NamedTuple):
    """What every line of a kind says in its own columns: version, observed (1 or 0), and team and stroke as text."""

    version: int
    observed: int
    team: str
    stroke: str


@dataclass(frozen=True, slots=True)
class _Compiled:
    subjects: frozenset[str]
    tests: dict[str, Callable[[Any], bool]]
    money: bool
    written: Written


class Catalogue:
    """The closed list of kinds. Iterates in the order of rank.

    Raises ``ValueError`` with a sentence for a name used twice, a name not shaped ``noun.past_participle``, a rank used
    twice or not a positive whole number, a kind about nothing, a field both declared and personal.
    """

    def __init__(self, kinds: Iterable[Kind]) -> None:
        self._kinds: dict[str, Kind] = {}
        ranks: dict[int, str] = {}
        for kind in kinds:
            _refuse_malformed(kind)
            if kind.name in self._kinds:
                raise ValueError(f"The kind {kind.name} is declared twice. Keep it in the facts of one room.")
            if kind.rank in ranks:
                raise ValueError(
                    f"{kind.name} and {ranks[kind.rank]} both have rank {kind.rank}. Give one of them a free rank."
                )
            self._kinds[kind.name] = kind
            ranks[kind.rank] = kind.name
        self._compiled = {kind.name: _compiled(kind) for kind in self._kinds.values()}
        self._ordered = tuple(sorted(self._kinds.values(), key=lambda kind: kind.rank))

    def __iter__(self) -> Iterator[Kind]:
        """The kinds in the order of rank."""
        return iter(self._ordered)

    def __len__(self) -> int:
        """How many kinds there are."""
        return len(self._ordered)

    def __contains__(self, name: object) -> bool:
        """Whether there is a kind of that name."""
        return name in self._kinds

    def kind(self, name: str) -> Kind:
        """The kind of that name. Raises ``UnknownKindError`` (a ``KeyError``) that names the nearest ones."""
        found = self._kinds.get(name)
        if found is None:
            raise UnknownKindError(self._unknown(name))
        return found

    def written(self, draft: Draft) -> Written | None:
        """What a line of this draft says by its kind; None where something is wrong with it, which ``check`` says."""
        compiled = self._compiled.get(draft.kind)
        return compiled.written if compiled is not None and _good(compiled, draft) else None

    def check(self, draft: Draft) -> list[str]:
        """What is wrong with a draft, a sentence each; empty when it may become a line.

        Values never stand in the sentences, only names and types: reports and logs must not carry personal data.
        """
        return [] if self.written(draft) is not None else self._explain(draft)

    def _unknown(self, name: str) -> str:
        near = get_close_matches(name, self._kinds, n=2)
        hint = f"Did you mean {' or '.join(near)}?" if near else "docs/reference/events.md lists them all."
        return f"There is no kind of line called {name[:80]!r}. {hint}"

    def _explain(self, draft: Draft) -> list[str]:
        kind = self._kinds.get(draft.kind)
        if kind is None:
            return [self._unknown(draft.kind)]
        complaints = [*_about_subject(kind, draft), *_about_time(draft), *_about_money(kind, draft)]
        complaints += [*_about_words(draft), *_about_properties(kind, draft), *_about_personal(kind, draft)]
        return complaints


def _refuse_malformed(kind: Kind) -> None:
    if not _NAME.fullmatch(kind.name):
        raise ValueError(
            f"{kind.name!r} is no name for a kind: write noun.past_participle in lower case, such as deal.opened."
        )
    if type(kind.rank) is not int or kind.rank <= 0:
        raise ValueError(f"The rank of {kind.name} must be a positive whole number, not {kind.rank!r}.")
    if not kind.subjects:
        raise ValueError(f"{kind.name} is about nothing: name at least one subject kind.")
    for name in (*kind.properties, *kind.personal):
        if not _FIELD.fullmatch(name):
            raise ValueError(f"{kind.name} has a field {name!r}: use lower-case letters, digits and underscores.")
    both = sorted(set(kind.properties) & set(kind.personal))
    if both:
        raise ValueError(f"{kind.name} declares {', '.join(both)} as a property and as personal. Choose one.")


def _compiled(kind: Kind) -> _Compiled:
    tests = {name: fits(declared.type) for name, declared in kind.properties.items()}
    written = Written(kind.version, 0 if kind.decided else 1, kind.team.value, kind.stroke.value)
    return _Compiled(frozenset(kind.subjects), tests, kind.money, written)


def _good(compiled: _Compiled, draft: Draft) -> bool:
    """Whether nothing is wrong, without finding out what: this runs once for every line of every import."""
    if draft.subject_kind not in compiled.subjects or not _time_is_good(draft):
        return False
    money = draft.amount_minor is not None or draft.currency is not None
    if money and not (compiled.money and _amount_is_good(draft)):
        return False
    if not _words_are_good(draft):
        return False
    tests = compiled.tests
    for name, value in draft.properties.items():
        test = tests.get(name)
        if test is None or not test(value):
            return False
    for value in draft.personal.values():  # noqa: SIM110  a generator would take longer than what it does
        if type(value) is str and not is_plain_text(value):
            return False
    return True


def _time_is_good(draft: Draft) -> bool:
    when, precision = draft.happened_at, draft.precision
    if when is None:
        return precision == Precision.UNKNOWN
    if type(when) is not int or not _EARLIEST <= when <= _LATEST or precision not in _PRECISIONS:
        return False
    return precision != Precision.UNKNOWN and (precision != Precision.DAY or when % _DAY == 0)


def _amount_is_good(draft: Draft) -> bool:
    amount, currency = draft.amount_minor, draft.currency
    if type(amount) is not int or not -_BIGGEST_AMOUNT <= amount <= _BIGGEST_AMOUNT:
        return False
    return type(currency) is str and _CURRENCY.fullmatch(currency) is not None


def _words_are_good(draft: Draft) -> bool:
    if (draft.team is not None and draft.team not in _TEAMS) or not draft.subject:
        return False
    if (draft.stroke is not None and draft.stroke not in _STROKES) or not is_plain_text(draft.subject):
        return False
    # Spelled out, as attribute access by name would take longer than all the rest.
    for opaque in (draft.identifier, draft.company, draft.actor, draft.supersedes):
        if opaque is not None and not (opaque and is_plain_text(opaque)):
            return False
    labels = (draft.channel, draft.campaign, draft.content)
    return labels == _NO_LABELS or all(label is None or is_plain_text(label) for label in labels)


def _about_subject(kind: Kind, draft: Draft) -> Iterator[str]:
    if draft.subject_kind not in kind.subjects:
        yield f"{kind.name} cannot be about {draft.subject_kind!r}: it is about {' or '.join(kind.subjects)}."


def _about_time(draft: Draft) -> Iterator[str]:
    if _time_is_good(draft):
        return
    name, when, precision = draft.kind, draft.happened_at, draft.precision
    if precision not in _PRECISIONS:
        yield f"{name} has the precision {str(precision)[:40]!r}: use {', '.join(Precision)}."
    elif when is None:
        yield f"{name} has no time but the precision {precision}: a line without a time has the precision unknown."
    elif precision == Precision.UNKNOWN:
        yield f"{name} has a time but the precision unknown: say ms, s or day, or leave the time out."
    elif type(when) is not int:
        yield f"{name} has a {type(when).__name__} as its time: give whole milliseconds since 1970 UTC."
    elif not _EARLIEST <= when <= _LATEST:
        yield f"{name} happened outside of the years 1 to 9999: give milliseconds since 1970 UTC."
    else:
        yield f"{name} is day-precise but not at a midnight: give the civil day's midnight read as UTC."


def _about_money(kind: Kind, draft: Draft) -> Iterator[str]:
    amount, currency = draft.amount_minor, draft.currency
    if amount is None and currency is None:
        return
    if not kind.money:
        yield f"{kind.name} carries no money: leave amount and currency out."
    elif amount is None:
        yield f"{kind.name} has a currency but no amount: give both or neither."
    elif currency is None:
        yield f"{kind.name} has an amount but no currency: give both or neither."
    elif not _amount_is_good(draft):
        yield (
            f"{kind.name} needs its amount as a whole number of minor units (64 bits) and its currency as three "
            "capital letters (ISO 4217)."
        )


def _about_words(draft: Draft) -> Iterator[str]:
    for word, value, those in (("team", draft.team, Team), ("stroke", draft.stroke, Stroke)):
        if value is not None and value not in set(those):
            yield f"{draft.kind} names the unknown {word} {str(value)[:40]!r}: use {', '.join(those)}."
    if not _is_id(draft.subject):
        yield f"{draft.kind} does not say what it is about: give the subject's id as text."
    for column in _IDS:
        value = getattr(draft, column)
        if value is not None and not _is_id(value):
            yield f"{draft.kind} has no proper {column}: give an opaque id as text, or leave it out."
    for column in _LABELS:
        value = getattr(draft, column)
        if value is not None and not is_plain_text(value):
            yield f"{draft.kind} has no proper {column}: give text of at most 32 kB, or leave it out."


def _is_id(value: Any) -> bool:
    return bool(value) and is_plain_text(value)


def _about_properties(kind: Kind, draft: Draft) -> Iterator[str]:
    for name, value in draft.properties.items():
        declared = kind.properties.get(name)
        if declared is None:
            yield _undeclared(kind, str(name)[:80])
        elif not fits(declared.type)(value):
            if type(value) is str and overlong(value):
                yield f"{name} of {kind.name} is longer than 32 kB: shorten it."
            else:
                yield f"{name} of {kind.name} must be {EXPECTED[declared.type]}, not {_said(declared.type, value)}."


def _undeclared(kind: Kind, name: str) -> str:
    if name in kind.personal:
        return f"{name} of {kind.name} is personal: put it into the draft's personal fields."
    near = get_close_matches(name, kind.properties, n=1)
    hint = f"Did you mean {near[0]}? If not, put" if near else "Put"
    return f"{kind.name} declares no property {name!r}. {hint} it into the draft's personal fields."


def _said(expected: Type, value: Any) -> str:
    if value is None:
        return "empty: leave the property out instead"
    if type(value) is str:
        return "other text" if expected is not Type.TEXT else "text with a NUL or half a character in it"
    return f"a {type(value).__name__} such as was given"


def _about_personal(kind: Kind, draft: Draft) -> Iterator[str]:
    for name, value in draft.personal.items():
        if type(value) is str and not is_plain_text(value):
            yield f"{str(name)[:80]} of {kind.name} is over 32 kB, or has a NUL or half a character in it."


_installed: Catalogue | None = None
_upcasters: dict[tuple[str, int], Upcaster] = {}


def install(catalogue: Catalogue) -> None:
    """Makes ``catalogue`` the one of this process; called once, by the wiring."""
    global _installed  # noqa: PLW0603  one catalogue a process, as one log
    _installed = catalogue


def current() -> Catalogue:
    """The installed catalogue. Raises ``RuntimeError`` when the wiring has not run."""
    if _installed is None:
        raise RuntimeError(
            "No catalogue is installed: call ledger.catalogue.install(Catalogue(all_kinds())) as site/wiring.py does."
        )
    return _installed


def register_upcaster(kind: str, from_version: int, upcast: Upcaster) -> None:
    """Reads ``kind``'s properties of ``from_version`` as the next version's. A second one is a ``ValueError``."""
    if (kind, from_version) in _upcasters:
        raise ValueError(f"{kind} already has an upcaster from version {from_version}.")
    _upcasters[kind, from_version] = upcast


def read_properties(kind: str, version: int, properties: Mapping[str, Any]) -> dict[str, Any]:
    """Properties of an old line as the newest version has them; the line itself stays as it was written."""
    read = dict(properties)
    while (upcast := _upcasters.get((kind, version))) is not None:
        read, version = upcast(read), version + 1
    return read
