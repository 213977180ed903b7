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
    origin = typing.get_origin(kind)
    if dataclasses.is_dataclass(kind):
        return _build_table(kind, value, where)
    if origin is list:
        if not isinstance(value, list):
            raise ProfileError(f"{where} must be a list, not {value!r}")
        return [_build(typing.get_args(kind)[0], item, f"{where}[{i}]") for i, item in enumerate(value)]
    if origin is dict:
        if not isinstance(value, dict):
            raise ProfileError(f"{where} must be a table, not {value!r}")
        return {str(key): _build(typing.get_args(kind)[1], item, f"{where}.{key}") for key, item in value.items()}
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise ProfileError(f"{where} must be a {kind.__name__}, not {value!r}")
    return value


def _build_table(kind: Any, value: Any, where: str) -> Any:
    if not isinstance(value, dict):
        raise ProfileError(f"{where} must be a table, not {value!r}")
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
    for cause in (*segment.cold, *segment.lost):
        if cause not in CAUSES:
            raise ProfileError(f"{where}: no cause {cause!r}; there are {', '.join(CAUSES)}")
    for stage in segment.start:
        if stage.upper() not in Stage.__members__:
            raise ProfileError(f"{where}.start: no stage {stage!r}; there are {', '.join(Stage.__members__).lower()}")
    if segment.route not in {"sales", "self_serve"}:
        raise ProfileError(f'{where}.route is "sales" or "self_serve", not {segment.route!r}')
    if segment.route == "sales" and not any(
        segment.name in team.segments or not team.segments for team in profile.teams
    ):
        raise ProfileError(f"{where} is carried by sellers, but no [[teams]] has it")


def _references(profile: shape.Profile, names: set[str], regions: set[str]) -> list[tuple[str, list[str], set[str]]]:
    ways = {way for segment in profile.segments for way in segment.ways}
    wanted = [(f"teams.{team.name}", team.segments, names) for team in profile.teams]
    wanted += [(f"teams.{team.name}", team.regions, regions) for team in profile.teams]
    wanted += [(f"channels.{channel.name}", channel.segments, names) for channel in profile.channels]
    wanted += [(f"channels.{channel.name}", channel.ways, ways) for channel in profile.channels]
    wanted += [(f"fairs.{fair.name}", fair.segments, names) for fair in profile.fairs]
    wanted += [(f"themes.{theme.name}", theme.segments, names) for theme in profile.themes]
    return [*wanted, ("stall", [profile.stall.segment] if profile.stall.segment else [], names)]
