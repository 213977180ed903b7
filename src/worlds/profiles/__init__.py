"""Profiles: companies written down as TOML, ours and the reader's own.

``load("coffee")`` reads one that comes with the package, ``load("mine.toml")`` a file. A profile may begin with
``like = "coffee"`` and then says only what differs: tables are merged key by key; a list of tables (``[[segments]]``)
is merged by ``name``, and a name not yet there is added.
"""

from __future__ import annotations

import dataclasses
import tomllib
import types
import typing
from collections.abc import Iterable, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from worlds.clock import holiday
from worlds.profiles import shape
from worlds.stages import CAUSES, Stage

NAMES = ("coffee", "b2b", "shop", "pull-only", "push-only", "no-effect", "by-hand")
"""The profiles that come with the package."""


class ProfileError(ValueError):
    """A profile says something that no world can be made of; the message says where and what would be right."""


def load(name_or_path: str) -> shape.Profile:
    """The profile of that name, or of that TOML file. Raises ``ProfileError``."""
    tables = _read(name_or_path, seen=())
    tables.setdefault("name", Path(name_or_path).stem)
    made: shape.Profile = _build(shape.Profile, tables, str(tables["name"]))
    _check(made)
    return made


def _read(name_or_path: str, seen: tuple[str, ...]) -> dict[str, Any]:
    if name_or_path in seen:
        raise ProfileError(f"profile {name_or_path} is like itself: {' → '.join([*seen, name_or_path])}")
    if name_or_path in NAMES:
        text = resources.files("worlds.profiles").joinpath(name_or_path.replace("-", "_") + ".toml").read_text("utf-8")
    elif Path(name_or_path).is_file():
        text = Path(name_or_path).read_text("utf-8")
    else:
        raise ProfileError(f"no profile {name_or_path!r}: neither a file nor one of {', '.join(NAMES)}")
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(f"profile {name_or_path} is not TOML: {error}") from error
    model = tables.pop("like", None)
    if model is None:
        return tables
    below = _read(str(model), (*seen, name_or_path))
    below.pop("name", None)
    return _merged(below, tables)


def _merged(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    result = dict(below)
    for key, value in above.items():
        old = result.get(key)
        if isinstance(value, dict) and isinstance(old, dict):
            result[key] = _merged(old, value)
        elif _named(value) and isinstance(old, list) and _named(old):
            result[key] = _merged_lists(old, value)
        else:
            result[key] = value
    return result


def _named(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) and "name" in item for item in value)


def _merged_lists(below: list[dict[str, Any]], above: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = {item["name"]: item for item in below}
    for item in above:
        found[item["name"]] = _merged(found.get(item["name"], {}), item)
    return list(found.values())


def _build(kind: Any, value: Any, where: str) -> Any:
    if dataclasses.is_dataclass(kind):
        return _build_table(kind, value, where)
    origin, within = typing.get_origin(kind), typing.get_args(kind)
    if origin is list:
        _refuse_unless(list, "list", value, where)
        return [_build(within[0], item, f"{where}[{i}]") for i, item in enumerate(value)]
    if origin is dict:
        _refuse_unless(dict, "table", value, where)
        return {str(key): _build(within[1], item, f"{where}.{key}") for key, item in value.items()}
    return _build_value(kind, value, where)


def _build_value(kind: Any, value: Any, where: str) -> Any:
    # In Python true is a whole number, and a whole number is no float; in a profile it is the other way round.
    if type(value) is int and kind is float:
        return float(value)
    if type(value) is bool and kind is not bool:
        raise ProfileError(f"{where} must be a {kind.__name__}, not {value!r}")
    _refuse_unless(kind, kind.__name__, value, where)
    return value


def _refuse_unless(kind: type, called: str, value: Any, where: str) -> None:
    if not isinstance(value, kind):
        raise ProfileError(f"{where} must be a {called}, not {value!r}")


def _build_table(kind: Any, value: Any, where: str) -> Any:
    _refuse_unless(dict, "table", value, where)
    hints = typing.get_type_hints(kind, vars(shape) | vars(types))
    unknown = sorted(set(value) - set(hints))
    if unknown:
        raise ProfileError(f"{where} has no key {unknown[0]!r}; it knows {', '.join(sorted(hints))}")
    missing = [
        item.name
        for item in dataclasses.fields(kind)
        if item.default is dataclasses.MISSING
        and item.default_factory is dataclasses.MISSING
        and item.name not in value
    ]
    if missing:
        raise ProfileError(f"{where} lacks the key {missing[0]!r}")
    return kind(**{key: _build(hints[key], item, f"{where}.{key}") for key, item in value.items()})


def _check(profile: shape.Profile) -> None:
    names = {segment.name for segment in profile.segments}
    regions = {region.name for region in profile.regions}
    if not names or not regions:
        raise ProfileError(f"profile {profile.name} needs at least one [[segments]] and one [[regions]]")
    for rule in profile.firm.holidays:
        try:
            holiday(rule, 2024)
        except ValueError as error:
            raise ProfileError(f"firm.holidays: {error}") from error
    for segment in profile.segments:
        _check_segment(segment, profile)
    for owner, wanted, known in _references(profile, names, regions):
        for name in wanted:
            if name not in known:
                raise ProfileError(f"{owner} names {name!r}, which is none of {', '.join(sorted(known))}")


def _check_segment(segment: shape.Segment, profile: shape.Profile) -> None:
    where = f"segments.{segment.name}"
    if len(segment.season) != 12:
        raise ProfileError(f"{where}.season needs twelve numbers, January first; it has {len(segment.season)}")
    low, high = (*segment.committee, 0, 0)[:2]
    if len(segment.committee) != 2 or not 1 <= low <= high:
        raise ProfileError(f"{where}.committee needs two numbers, from and to, at least 1; not {segment.committee}")
    _refuse_unknown(f"{where}: no cause", [*segment.cold, *segment.lost], CAUSES)
    _refuse_unknown(f"{where}.start: no stage", segment.start, [stage.lower() for stage in Stage.__members__])
    if segment.route not in {"sales", "self_serve"}:
        raise ProfileError(f'{where}.route is "sales" or "self_serve", not {segment.route!r}')
    if segment.route == "sales" and not _has_sellers(segment, profile):
        raise ProfileError(f"{where} is carried by sellers, but no [[teams]] has it")


def _refuse_unknown(complaint: str, names: Iterable[str], known: Sequence[str]) -> None:
    for name in names:
        if name not in known:
            raise ProfileError(f"{complaint} {name!r}; there are {', '.join(known)}")


def _has_sellers(segment: shape.Segment, profile: shape.Profile) -> bool:
    return any(segment.name in team.segments or not team.segments for team in profile.teams)


def _references(profile: shape.Profile, names: set[str], regions: set[str]) -> list[tuple[str, list[str], set[str]]]:
    ways = {way for segment in profile.segments for way in segment.ways}
    wanted = [(f"teams.{team.name}", team.segments, names) for team in profile.teams]
    wanted += [(f"teams.{team.name}", team.regions, regions) for team in profile.teams]
    wanted += [(f"channels.{channel.name}", channel.segments, names) for channel in profile.channels]
    wanted += [(f"channels.{channel.name}", channel.ways, ways) for channel in profile.channels]
    wanted += [(f"fairs.{fair.name}", fair.segments, names) for fair in profile.fairs]
    wanted += [(f"themes.{theme.name}", theme.segments, names) for theme in profile.themes]
    return [*wanted, ("stall", [profile.stall.segment] if profile.stall.segment else [], names)]
