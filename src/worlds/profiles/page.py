"""The reference page of profiles (``docs/reference/worlds-profiles.md``), written from ``shape``.

``python -m worlds.profiles.page`` prints it.
"""

from __future__ import annotations

import dataclasses
import inspect
import re
import sys
from typing import Any

from worlds.profiles import NAMES, load, shape

_FIELD = re.compile(r"^    (\w+): ([^=#]+?)(?: = .*?)?(?:  # (.*))?$")
TABLES: tuple[tuple[str, Any], ...] = (
    ("the file itself", shape.Profile),
    ("[firm]", shape.Firm),
    ("[[regions]]", shape.Region),
    ("[[segments]]", shape.Segment),
    ("a move: visit, known, hand, open, taste, propose, win", shape.Rates),
    ("[pull]", shape.Pull),
    ("[[channels]]", shape.Channel),
    ("[mail]", shape.Mail),
    ("[push]", shape.Push),
    ("[[teams]]", shape.Team),
    ("[[fairs]]", shape.Fair),
    ("[[themes]]", shape.Theme),
    ("[stall]", shape.Stall),
    ("[promotion]", shape.Promotion),
    ("[rival]", shape.Rival),
    ("[experiments]", shape.Experiments),
    ("[dirt]", shape.Dirt),
    ("[strength]", shape.Strength),
    ("[[prices]]", shape.Price),
)
INTRODUCTION = """# Profiles of worlds

*Written from `src/worlds/profiles/shape.py` by `python -m worlds.profiles.page`; a test keeps it so.*

A profile is a TOML file. It may begin with `like = "coffee"` (a name or another file) and then says only what differs:
tables are merged key by key, lists of tables (`[[segments]]`) by their `name`. A key nobody knows is refused with a
sentence that names the known ones. What the numbers do is told in [How worlds work](../explanation/worlds.md).

Dates within a world are shares of its length: `at = 0.5` is half way. Where 0 means "never" the table says so.
Money is in major units of the firm's currency. Rates are per week unless said otherwise.
"""


def page() -> str:
    """The page as Markdown: the profiles there are, then a table for each table of a profile."""
    parts = [
        INTRODUCTION,
        "## Profiles that come with the package\n",
        "| name | what | people | months |",
        "|---|---|---|---|",
    ]
    for name in NAMES:
        plan = load(name)
        parts.append(f"| `{name}` | {plan.about} | {plan.people:,} | {plan.months} |")
    for heading, kind in TABLES:
        about = " ".join((inspect.getdoc(kind) or "").split())
        parts += [f"\n## {heading}\n", f"{about}\n", "| key | kind | default | what |", "|---|---|---|---|"]
        parts += [_row(field, kind) for field in dataclasses.fields(kind)]
    return "\n".join(parts) + "\n"


def _row(field: Any, kind: Any) -> str:
    comment = next(
        found[3] or ""
        for found in map(_FIELD.match, inspect.getsource(kind).splitlines())
        if found and found[1] == field.name
    )
    return f"| `{field.name}` | {_kind(str(field.type))} | {_default(field)} | {comment.replace('|', '/')} |"


def _kind(written: str) -> str:
    words = {"str": "text", "float": "number", "int": "whole number", "bool": "true or false", "Rates": "a move"}
    if written.startswith("list["):
        return f"list of {_kind(written[5:-1])}"
    if written.startswith("dict["):
        return "table of numbers"
    return words.get(written, "table")


def _default(field: Any) -> str:
    if field.default is not dataclasses.MISSING:
        return f'`"{field.default}"`' if isinstance(field.default, str) else f"`{str(field.default).lower()}`"
    if field.default_factory is dataclasses.MISSING:
        return "*needed*"
    made = field.default_factory()
    return "its defaults" if dataclasses.is_dataclass(made) else f"`{made}`".replace("'", '"')


if __name__ == "__main__":
    sys.stdout.write(page())
