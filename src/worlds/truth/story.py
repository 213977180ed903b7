"""The truth of a world, written beside its public files week by week: stages and hazards, drop-offs, handoffs, and at
the end the people, the effects, the credit naive counting would give, the planted stories with their sizes, the
experiments.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from worlds.arrays import Ints
from worlds.book import Book
from worlds.mechanisms.handoffs import REASONS
from worlds.outputs.crm import Closed
from worlds.outputs.public import Public
from worlds.stages import CAUSES, RECORDED, Stage
from worlds.truth import effects, identities, planted, trials
from worlds.truth.record import write_json
from worlds.world import State, Switches, World

PARTS = ("base", "pull", "push", "both", "pull_level", "push_level")
WEEKS = pa.schema(
    [
        ("week", pa.int16()),
        ("person", pa.int32()),
        ("stage", pa.int8()),
        *((name, pa.float32()) for name in PARTS),
        ("hazard", pa.float32()),
    ]
)
DROPS = pa.schema(
    [
        ("at", pa.timestamp("ms", "UTC")),
        ("person", pa.int32()),
        ("company", pa.int32()),
        ("deal", pa.bool_()),
        ("stage", pa.string()),
        ("cause", pa.string()),
        ("second_cause", pa.string()),
        ("several", pa.bool_()),
        ("recorded", pa.string()),
    ]
)
HANDS = pa.schema(
    [
        ("person", pa.int32()),
        ("asked", pa.timestamp("ms", "UTC")),
        ("answered", pa.timestamp("ms", "UTC")),
        ("hours", pa.float32()),
        ("team", pa.string()),
        ("verdict", pa.string()),
        ("reason", pa.string()),
        ("careless", pa.bool_()),
    ]
)
VERDICTS = ("accepted", "sent back", "forgotten")


class Truth:
    """Writes ``DIR/truth``, but for the clean record and the dirt, which ``truth.record`` writes."""

    def __init__(self, world: World, root: Path, switches: list[Switches]) -> None:
        self._world, self._root = world, root
        self._weeks = pq.ParquetWriter(root / "weeks.parquet", WEEKS, compression="zstd")
        self._drops = pq.ParquetWriter(root / "dropoffs.parquet", DROPS, compression="zstd")
        self._hands = pq.ParquetWriter(root / "handoffs.parquet", HANDS, compression="zstd")
        self._told = planted.Told(world)
        self._switches = switches

    def write(self, book: Book, states: list[State]) -> None:
        """Write a week of the world as it was."""
        self._write_week(book.week, states[0])
        self._write_drops(book)
        self._write_hands(book)
        self._told.week(book, states[0])

    def _write_week(self, week: int, state: State) -> None:
        """Who is in the market: the stage in which the week's hazard found the person, the parts, the hazard (their
        sum)."""
        parts = state.parts
        who = np.flatnonzero(self._world.people.enters <= week)
        total = sum((parts[name][who] for name in PARTS[:4]), start=np.zeros(len(who)))
        columns = [
            pa.array(np.full(len(who), week, dtype=np.int16)),
            pa.array(who.astype(np.int32)),
            pa.array(parts["stage"][who].astype(np.int8)),
        ]
        columns += [pa.array(parts[name][who].astype(np.float32)) for name in PARTS]
        columns.append(pa.array(total.astype(np.float32)))
        self._weeks.write_table(pa.Table.from_arrays(columns, schema=WEEKS))

    def _write_drops(self, book: Book) -> None:
        for kind, deal in (("out", False), ("lost", True)):
            rows = book.of(kind)
            if not rows:
                continue
            first, company = self._world.companies.first_person, self._world.people.company
            person = first[rows["company"]] if deal else rows["person"]
            count = len(person)
            second = [CAUSES[code] if code >= 0 else None for code in rows["second"].tolist()]
            columns = [
                pa.array(rows["at"], pa.timestamp("ms", "UTC")),
                pa.array(person.astype(np.int32)),
                pa.array(company[person].astype(np.int32)),
                pa.array([deal] * count),
                pa.array([Stage(code).name.lower() for code in rows["stage"].tolist()]),
                pa.array([CAUSES[code] for code in rows["cause"].tolist()]),
                pa.array(second, pa.string()),
                pa.array(rows["second"] >= 0),
                pa.array([RECORDED[code] for code in rows["recorded"].tolist()]),
            ]
            self._drops.write_table(pa.Table.from_arrays(columns, schema=DROPS))

    def _write_hands(self, book: Book) -> None:
        rows = book.of("handoff")
        if not rows:
            return
        hours = (rows["at"] - rows["asked"]) / 3_600_000
        names = [
            _team(self._world, seat)
            for seat in self._world.seller_of[self._world.people.company[rows["person"]]].tolist()
        ]
        columns = [
            pa.array(rows["person"].astype(np.int32)),
            pa.array(rows["asked"], pa.timestamp("ms", "UTC")),
            pa.array(rows["at"], pa.timestamp("ms", "UTC")),
            pa.array(hours.astype(np.float32)),
            pa.array(names),
            pa.array([VERDICTS[code] for code in rows["verdict"].tolist()]),
            pa.array(
                [
                    REASONS[r] if v == 1 else None
                    for r, v in zip(rows["reason"].tolist(), rows["verdict"].tolist(), strict=True)
                ],
                pa.string(),
            ),
            pa.array(rows["careless"]),
        ]
        self._hands.write_table(pa.Table.from_arrays(columns, schema=HANDS))

    def close(self, states: list[State], public: Public, closed: Closed) -> None:
        """Write what can only be told at the end."""
        for writer in (self._weeks, self._drops, self._hands):
            writer.close()
        world, root = self._world, self._root
        drops = pq.read_table(root / "dropoffs.parquet").to_pylist()
        write_json(root / "dropoffs.json", _counted(drops))
        identities.write(world, public, closed, root / "who_is_who.parquet")
        effects.write_people(world, states, root / "effects_people.parquet")
        found, credit = effects.effects(world, states), effects.credit(world, states)
        write_json(root / "effects.json", found)
        write_json(root / "credit.json", credit)
        write_json(root / "stories.json", self._told.stories(states, found, credit, drops))
        write_json(root / "experiments.json", trials.told(world, states))
        self._write_people(states[0])
        write_json(root / "world.json", _about(world, self._switches))

    def _write_people(self, state: State) -> None:
        people, companies, profile = self._world.people, self._world.companies, self._world.profile
        cares = [",".join(t.name for t in profile.themes if people.cares[t.name][p]) for p in range(len(people))]
        pq.write_table(
            pa.table(
                {
                    "person": np.arange(len(people), dtype=np.int32),
                    "company": people.company.astype(np.int32),
                    "segment": _named([s.name for s in profile.segments], people.segment),
                    "region": _named([r.name for r in profile.regions], people.region),
                    "role": _named(["decider", "user", "influencer", "procurement"], people.role),
                    "influence": people.influence,
                    "intent": people.intent,
                    "enters_week": people.enters,
                    "mobile": people.mobile,
                    "way": people.way.tolist(),
                    "first_name": people.first,
                    "last_name": people.last,
                    "email": people.email,
                    "cares_about": cares,
                    "stage": _named([s.name.lower() for s in Stage], state.shown(people.company)),
                    "met_claim": state.met_claim,
                }
            ),
            self._root / "people.parquet",
            compression="zstd",
        )
        pq.write_table(
            pa.table(
                {
                    "company": np.arange(len(companies), dtype=np.int32),
                    "name": companies.name,
                    "domain": companies.domain,
                    "segment": _named([s.name for s in profile.segments], companies.segment),
                    "region": _named([r.name for r in profile.regions], companies.region),
                    "desks": companies.desks,
                    "amount_minor": companies.amount_minor,
                    "deal": _named(["", *[s.name.lower() for s in list(Stage)[1:]]], state.deal),
                    "won_at": pa.array(np.where(state.won_at > 1, state.won_at, 0), pa.timestamp("ms", "UTC")),
                    "customer_before": state.won_at == 1,
                }
            ),
            self._root / "companies.parquet",
            compression="zstd",
        )


def _named(names: list[str], codes: Ints) -> list[str]:
    return [names[code] for code in codes.tolist()]


def _team(world: World, seat: int) -> str:
    return world.profile.teams[int(world.team_of_seat[seat])].name if seat >= 0 else "webshop"


def _counted(drops: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """How many left, by stage, true cause and recorded reason."""
    counts: dict[tuple[str, str, str], int] = {}
    for drop in drops:
        key = (drop["stage"], drop["cause"], drop["recorded"])
        counts[key] = counts.get(key, 0) + 1
    return [{"stage": s, "cause": c, "recorded": r, "count": n} for (s, c, r), n in sorted(counts.items())]


def _about(world: World, switches: list[Switches]) -> dict[str, Any]:
    span = world.calendar
    return {
        "profile": world.profile.name,
        "about": world.profile.about,
        "seed": world.seed,
        "people": len(world.people),
        "companies": len(world.companies),
        "weeks": span.weeks,
        "first_day": span.day(0).isoformat(),
        "end_ms": span.end,
        "zone": world.profile.firm.zone,
        "currency": world.profile.firm.currency,
        "segments": [s.name for s in world.profile.segments],
        "worlds": [s.name for s in switches],
        "stages": [stage.name.lower() for stage in Stage],
    }
