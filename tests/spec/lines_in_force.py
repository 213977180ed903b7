"""Which lines are in force, by the words of LEDGER 3, slowly and obviously. Shares no code with the program.

A line is a dict of its columns, ``properties`` opened. Of a record exactly one message counts: the one with the
greatest attestation among batches not undone, ordered by (version time, the import's first stamp, row number).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Line = dict[str, Any]


def counting_messages(lines: Sequence[Line]) -> set[tuple[str, str]]:
    """The (source, message id) of every message of a file that counts."""
    counting = set()
    messages = {(line["source"], line["message_id"]) for line in lines if _from_a_file(line)}
    for source, record in {(source, name.split(".")[0]) for source, name in messages}:
        candidates = []
        for other, name in messages:
            if other == source and name.split(".")[0] == record:
                candidates += [(place, name) for place in _places(lines, source, name)]
        if candidates:
            counting.add((source, max(candidates)[1]))
    return counting


def _from_a_file(line: Line) -> bool:
    return line["batch"] is not None and "." in line["message_id"]


def _places(lines: Sequence[Line], source: str, name: str) -> list[tuple[int, int, int]]:
    """Where a message stands: once for each version time it was said under, where it was said so first."""
    said: list[tuple[str, int]] = []
    for line in lines:
        if (line["source"], line["message_id"]) == (source, name) and line["part"] == 0:
            said.append((line["batch"], line["row"]))
        if line["kind"] == "import.confirmed" and line["properties"].get("source_name", line["source"]) == source:
            said += [(line["properties"]["batch"], row) for again, row in line["properties"]["rows"] if again == name]
    places: dict[int, list[tuple[int, int]]] = {}
    for batch, row in said:
        begun = [line for line in lines if line["kind"] == "import.started" and line["batch"] == batch]
        undone = [
            line for line in lines if line["kind"] == "import.undone" and line["properties"]["batch"] == batch
        ]  # fmt: skip
        if begun and not undone:
            first = min(begun, key=lambda line: line["recorded_at"])
            stamp, date = first["recorded_at"], first["properties"].get("version_time")
            version = stamp if date is None else min(date * 1000, stamp)
            places.setdefault(version, []).append((stamp, row))
    found = []
    for version, where in places.items():
        first_stamp = min(stamp for stamp, _ in where)
        found.append((version, first_stamp, max(row for stamp, row in where if stamp == first_stamp)))
    return found
