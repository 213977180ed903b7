"""Who is who: every identifier that stands in a public file, and whose it truly is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from worlds.dirt.identities import moved
from worlds.outputs import hubspot, salesforce
from worlds.outputs.crm import Closed
from worlds.outputs.ids import hubspot as hubspot_id
from worlds.outputs.ids import salesforce as salesforce_id
from worlds.outputs.public import Public
from worlds.world import SELF, World

SCHEMA = pa.schema(
    [
        ("namespace", pa.string()),
        ("value", pa.string()),
        ("person", pa.int32()),
        ("company", pa.int32()),
        ("note", pa.string()),
    ]
)
Row = tuple[str, str, int, str]


def write(world: World, public: Public, closed: Closed, path: Path) -> None:
    """``who_is_who.parquet``: namespace, value, person, company, and what is odd about it. A shared value has a row a
    person."""
    with pq.ParquetWriter(path, SCHEMA, compression="zstd") as writer:
        pending: list[Row] = []
        for row in _rows(world, public, closed):
            pending.append(row)
            if len(pending) >= 50_000:
                writer.write_table(_table(world, pending))
                pending = []
        writer.write_table(_table(world, pending))


def _table(world: World, rows: list[Row]) -> pa.Table:
    names, values, persons, notes = zip(*rows, strict=True) if rows else ((), (), (), ())
    who = np.array(persons, dtype=np.int32)
    companies = world.people.company[who].astype(np.int32) if len(who) else who
    return pa.Table.from_arrays(
        [
            pa.array(names, pa.string()),
            pa.array(values, pa.string()),
            pa.array(who),
            pa.array(companies),
            pa.array(notes, pa.string()),
        ],
        schema=SCHEMA,
    )


def _rows(world: World, public: Public, closed: Closed) -> Iterator[Row]:
    people, pieces, dirt = world.people, public.pieces, public.dirt
    for person in range(len(people)):
        yield "segment.anonymousId", people.device[person], person, ""
        if pieces.device[person] != people.device[person]:
            yield "segment.anonymousId", pieces.device[person], person, "second device"
        yield "segment.userId", pieces.user[person], person, ""
        yield "email", people.email[person], person, ""
        if dirt.changed[person]:
            yield "email", moved(people.first[person], people.last[person], people.email[person]), person, "changed"
        if people.phone[person]:
            yield "phone", people.phone[person], person, ""
    yield from _records(world, closed)


def _records(world: World, closed: Closed) -> Iterator[Row]:
    people = world.people
    vendors = world.profile.firm.crm
    for person in np.flatnonzero(closed.known).tolist():
        if closed.emails[person] != people.email[person]:
            yield "email", closed.emails[person], person, "as the CRM has it"
        if "hubspot" in vendors:
            yield "hubspot.contact", hubspot_id(hubspot.CONTACT, person), person, ""
        if "salesforce" in vendors:
            yield "salesforce.Contact", salesforce_id(salesforce.PREFIX["Contact"], person), person, ""
            if world.seller_of[people.company[person]] != SELF:
                yield "salesforce.Lead", salesforce_id(salesforce.PREFIX["Lead"], person), person, ""
    for person, _, email in closed.twice:
        number = len(people) + person
        if email:
            yield "email", email, person, "of the second record"
        if "hubspot" in vendors:
            yield "hubspot.contact", hubspot_id(hubspot.CONTACT, number), person, "second record"
        if "salesforce" in vendors:
            yield "salesforce.Lead", salesforce_id(salesforce.PREFIX["Lead"], number), person, "second record"
