"""Rules that mend an event: rename a field, read a date, map a name, drop a field. Pure."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from twostroke.intake.facts import Mend, RefusedError, Rule

_MOST_STEPS = 20


class RuleError(ValueError):
    """A rule that makes no sense; the text says why."""


def checked(rules: Sequence[Rule]) -> None:
    """Raises ``RuleError`` for a rule without what it needs."""
    for rule in rules:
        if not rule.field or any(not step for step in rule.field.split(".")):
            raise RuleError("Name the field, with dots between its levels, such as properties.total.")
        if rule.mend in (Mend.RENAME, Mend.MAP) and not rule.to:
            raise RuleError(f"Say what it becomes: {rule.mend.value} needs a new name.")
        if rule.mend is Mend.DATE and rule.to:
            try:
                datetime.strptime(datetime(2026, 11, 24, tzinfo=UTC).strftime(rule.to), rule.to).replace(tzinfo=UTC)
            except ValueError:
                raise RuleError(f"{rule.to!r} is no form of dates: write it like %d.%m.%Y %H:%M.") from None


def mended(event: Any, rules: Sequence[Rule]) -> Any:
    """The event with all rules done in their order; a rule whose field is not there changes nothing.

    Raises ``RefusedError`` where a date cannot be read by its form.
    """
    if not rules:
        return event
    found = copy.deepcopy(event)
    for rule in rules:
        for place, name in _places(found, rule.field.split(".")):
            _mend(found, place, name, rule)
    return found


def _places(value: Any, steps: list[str]) -> list[tuple[dict[str, Any], str]]:
    """Every object that has the field, with its name there; a list is looked through."""
    if isinstance(value, list):
        return [place for one in value for place in _places(one, steps)]
    if not isinstance(value, dict) or len(steps) > _MOST_STEPS or steps[0] not in value:
        return []
    return [(value, steps[0])] if len(steps) == 1 else _places(value[steps[0]], steps[1:])


def _mend(event: Any, place: dict[str, Any], name: str, rule: Rule) -> None:
    if rule.mend is Mend.DROP:
        del place[name]
    elif rule.mend is Mend.DATE:
        place[name] = _date(place[name], rule.to)
    elif rule.mend is Mend.MAP:
        if rule.was in ("", "*") or str(place[name]) == rule.was:
            place[name] = rule.to
    else:
        _put(event, rule.to.split("."), place.pop(name))


def _put(event: Any, steps: list[str], value: Any) -> None:
    """Put a value at a path of the event, making the objects on the way; what stands there already stays."""
    at = event
    for step in steps[:-1]:
        inner = at.setdefault(step, {})
        if not isinstance(inner, dict):
            inner = at[step] = {}
        at = inner
    if at.get(steps[-1]) is None:
        at[steps[-1]] = value


def _date(value: Any, form: str) -> str:
    """ISO 8601 in UTC of a date in some form; seconds or milliseconds since 1970 where no form is given."""
    try:
        if form:
            told = datetime.strptime(str(value).strip(), form)  # noqa: DTZ007 - made aware below
            read = told if told.tzinfo else told.replace(tzinfo=UTC)
        else:
            number = float(value)
            read = datetime.fromtimestamp(number if number < 10_000_000_000 else number / 1000, tz=UTC)
    except (ValueError, TypeError, OverflowError, OSError):
        raise RefusedError("no_date", "A date is not of the form that the rule names.") from None
    return read.astimezone(UTC).isoformat().replace("+00:00", "Z")
