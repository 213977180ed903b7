"""Headers as exports and loaders write them, made from the vendors' references."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from twostroke.connectors.files.by_values import Reading
from twostroke.connectors.files.columns import Column, Profile
from twostroke.connectors.files.facts import Table
from twostroke.connectors.files.records import classify
from twostroke.connectors.files.vendors import Object, objects
from twostroke.connectors.hubspot import facts as hubspot
from twostroke.connectors.salesforce import facts as salesforce

SPELLINGS = ("as it is", "snake", "capitals", "joined", "prefixed")


@dataclass(frozen=True, slots=True)
class Written:
    """One header: of which object, in which form and spelling, and the role its field has."""

    vendor: str
    object: str
    form: str
    spelling: str
    header: str
    role: str


def spelled(header: str, spelling: str, form: str, name: str) -> str:
    """``Close Date`` → ``close_date``, ``CLOSE DATE``, ``CloseDate``, ``Deal: Close Date``; API names alike."""
    words = [word for word in re.split(r"[^0-9A-Za-z]+", header) if word]
    if spelling == "snake":
        return "_".join(word.lower() for word in words)
    if spelling == "capitals":
        return " ".join(word.upper() for word in words)
    if spelling == "joined":
        return "".join(word[:1].upper() + word[1:] for word in words)
    if spelling == "prefixed":
        return f"properties.{header}" if form == "name" else f"{name.replace('_', ' ').title()}: {header}"
    return header


def references() -> Iterator[tuple[str, tuple[str, str, str, str]]]:
    """(vendor, field) of every field of every object."""
    for vendor, fields in ((hubspot.VENDOR, hubspot.fields()), (salesforce.VENDOR, salesforce.fields())):
        for field in fields:
            yield vendor, field


def written() -> list[Written]:
    """Every field by its API name and its label in each spelling; the same header of an object only once."""
    made: dict[tuple[str, str, str], Written] = {}
    for vendor, (name, api, label, role) in references():
        for form, text in (("name", api), ("label", label)):
            for spelling in SPELLINGS if text else ():
                header = spelled(text, spelling, form, name)
                made.setdefault((vendor, name, header), Written(vendor, name, form, spelling, header, role))
    return list(made.values())


def tables() -> Iterator[tuple[Object, str, str, list[str]]]:
    """(object, form, spelling, headers): of each role one field, of the others all, as one export would have them."""
    for one in objects():
        fields = [field for vendor, field in references() if (vendor, field[0]) == (one.vendor, one.name)]
        for place, form in ((1, "name"), (2, "label")):
            chosen: dict[str, str] = {}
            for field in fields:
                if field[place]:
                    chosen.setdefault(field[3] or field[place], field[place])
            for spelling in SPELLINGS:
                headers = [spelled(header, spelling, form, one.name) for header in chosen.values()]
                yield one, form, spelling, list(dict.fromkeys(headers))


def held_out(text: str) -> bool:
    """Whether a header or field belongs to the third that was not looked at; the same on every machine."""
    return zlib.crc32(text.encode()) % 3 == 0


def object_of(vendor: str, name: str) -> Object:
    """The object of that name."""
    return next(one for one in objects() if (one.vendor, one.name) == (vendor, name))


def read(name: str, headers: list[str]) -> Reading:
    """What an empty table of these headers is taken for."""
    table = Table(name, name, Path(name), tuple(headers), "", lambda: iter(()))
    seen = Profile(table, [Column(header, place) for place, header in enumerate(headers)])
    return classify({name: seen}, [], {})[name]


def without(one: Object, fields: set[str]) -> Object:
    """The object as if its reference did not know these headers (squeezed)."""
    return replace(one, known={header: said for header, said in one.known.items() if header not in fields})
