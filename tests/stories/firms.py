"""A simulated firm brought into Twostroke through the ordinary door, and the truth it is judged by.

Twostroke is asked by its doors, the truth read from the world's own files; the two share no code.
"""

from __future__ import annotations

import csv
import json
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from twostroke.connectors.files.actions import EVERY_FILE, Wish, run_import
from twostroke.identity.models import Identifier
from twostroke.identity.queries import who_is_who
from twostroke.intake.facts import ImportReport
from twostroke.ledger.actions import change_definition
from twostroke.ledger.queries import ZONE
from worlds import api

UNTIL = date(2026, 3, 2)
# The tools of a firm, each a source of its own: its files, and what whoever was at the fair answers about its dates.
TOOLS: dict[str, tuple[str, dict[str, str]]] = {
    "hubspot": ("hubspot", {}),
    "salesforce": ("salesforce", {}),
    "ads": ("ads", {}),
    "hostworld": ("fairs/hostworld.csv", {"date-order .": "d-m-y"}),
    "office-facility-days": ("fairs/office-facility-days.csv", {"date-order /": "m-d-y"}),
    "salon-du-cafe": ("fairs/salon-du-cafe.csv", {"date-order /": "d-m-y"}),
    "billing": ("billing", {}),
    "support": ("support", {}),
    "experiments": ("experiments", {}),
    "site": ("segment", {}),
}
NAMESPACES = {
    "hubspot.contact": "record:hubspot:contact",
    "salesforce.Contact": "record:salesforce:contact",
    "salesforce.Lead": "record:salesforce:lead",
    "segment.userId": "user:site",
    "segment.anonymousId": "device:site",
}


@dataclass
class Firm:
    """A world's folder, and the reports of what was imported of it, by tool."""

    folder: Path
    crm: str
    reports: dict[str, ImportReport] = field(default_factory=dict)

    def truth(self, name: str) -> Any:
        """A JSON file of the truth."""
        return json.loads((self.folder / "truth" / f"{name}.json").read_text("utf-8"))

    def csv(self, name: str) -> list[dict[str, str]]:
        """A public CSV file as rows."""
        with (self.folder / "public" / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def table(self, name: str) -> list[dict[str, Any]]:
        """A table of the truth as rows."""
        rows: list[dict[str, Any]] = pq.read_table(self.folder / "truth" / f"{name}.parquet").to_pylist()
        return rows

    @cached_property
    def files(self) -> dict[str, str]:
        """The tool of each file that came in, by its name below ``public``."""
        return {name: tool for tool in self.reports for name in self.truth("accounting") if _within(name, tool)}

    @cached_property
    def clean(self) -> list[dict[str, Any]]:
        """What truly happened and stands in a file that came in, in a row that is whole and arrived."""
        lost = ("bad_row", "damaged", "never_arrived")
        broken = {(row["file"], row["key"]) for row in self.table("dirt") if row["dirt"] in lost}
        return [
            row for row in self.table("clean") if row["file"] in self.files and (row["file"], row["key"]) not in broken
        ]

    @cached_property
    def names(self) -> dict[tuple[str, str], set[int]]:
        """Whose each identifier truly is, by the namespace and value Twostroke knows it under."""
        found: dict[tuple[str, str], set[int]] = {}
        for row in self.table("who_is_who"):
            space, value = row["namespace"], row["value"]
            if space == "phone":
                value = "+" + "".join(sign for sign in value if sign.isdigit())
            elif space.startswith("salesforce."):
                value = value[:15]  # the last three are a checksum
            found.setdefault((NAMESPACES.get(space, space), value), set()).add(row["person"])
        return found

    @cached_property
    def named_on_the_site(self) -> set[int]:
        """Who ever said an address under the name the site has for them, in a message that is whole.

        A mail goes to an address and says nothing of who reads it (docs/reference/segment.md).
        """
        users = {value: whose for (space, value), whose in self.names.items() if space == "user:site"}
        found: set[int] = set()
        for name in ("web", "product"):
            for line in (self.folder / "public" / "segment" / f"{name}.jsonl").read_text("utf-8").splitlines():
                with suppress(json.JSONDecodeError):
                    said = json.loads(line)
                    traits = said.get("traits", {})
                    if "email" in traits:
                        found |= users.get(said.get("userId"), set())
        return found

    @cached_property
    def dirt(self) -> dict[str, set[int]]:
        """The persons each kind of dirt on identities has struck."""
        found: dict[str, set[int]] = {}
        for row in self.table("dirt"):
            found.setdefault(row["dirt"], set()).add(row["person"])
        return found


def _within(name: str, tool: str) -> bool:
    path, _ = TOOLS[tool]
    return name == path or name.startswith(f"{path}/")


def made(folder: Path, *, crm: str, people: int, months: int, seed: int = 7, profile: str = "coffee") -> Firm:
    """A firm that lived, with its truth; nothing is brought in yet."""
    return Firm(api.make(seed=seed, people=people, months=months, until=UNTIL, profile=profile, out=folder).out, crm)


def brought_in(firm: Firm) -> Firm:
    """All its tools' files, imported as anybody would: one source a tool, days as the firm's own zone has them."""
    change_definition(name=ZONE, value=firm.truth("world")["zone"])
    for tool, (path, answers) in TOOLS.items():
        if tool in ("hubspot", "salesforce") and tool != firm.crm:
            continue
        files = firm.folder / "public" / path
        if files.exists():
            dated = {EVERY_FILE: firm.truth("world")["end_ms"]}
            firm.reports[tool] = run_import(Wish(paths=(files,), source=tool, answers=answers, dated=dated))
    return firm


def minute(at: datetime | int) -> str:
    """An instant to the minute, as the coarsest of the tools writes it."""
    moment = at if isinstance(at, datetime) else datetime.fromtimestamp(at / 1000, UTC)
    return moment.strftime("%Y-%m-%d %H:%M")


def owners(*, anonymous: bool = False) -> dict[tuple[str, str], str]:
    """Whose each identifier is, by namespace and value; devices that are nobody's only if asked for."""
    whose = {one.identifier: one.key for one in who_is_who() if anonymous or not one.anonymous}
    rows = Identifier.objects.filter(value__isnull=False).values_list("id", "namespace", "value")
    return {(namespace, value): whose[name] for name, namespace, value in rows if name in whose}
