"""The numbers again, slowly and plainly, from the words of their definitions. Standard library only; no code of ours.

Lines are mappings of the log's columns as the database gives them. ``kinds`` maps a kind to its rank and its place in
the day, as the page of events says. Whoever reads the definitions can check this file against them.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from tests.spec.verdicts_by_hand import without_machines

Line = Mapping[str, Any]
Kinds = Mapping[str, tuple[int, str]]

LADDER = ["subscriber", "lead", "mql", "sal", "sql", "opportunity", "customer", "evangelist"]
SAID_BY_ITSELF = {
    "form.submitted": "lead",
    "card.taken": "lead",
    "signup.completed": "lead",
    "meeting.requested": "lead",
    "deal.opened": "opportunity",
    "deal.won": "customer",
    "order.placed": "customer",
}


def said(line: Line) -> dict[str, Any]:
    """The properties of a line."""
    found: dict[str, Any] = json.loads(line["properties"])
    return found


def lines_in_force(lines: Iterable[Line]) -> list[Line]:
    """Of a record in a file, only the lines of the message with the greatest attestation; all other lines.

    An attestation is a batch, not undone, that brought the message or confirmed it: (version time, first stamp of the
    import, row). Version time is the earlier of the file's date and the stamp. Said again under the same version time,
    a message keeps its first place.
    """
    lines = list(lines)
    began: dict[str, tuple[int, int]] = {}
    for line in sorted(
        (line for line in lines if line["kind"] == "import.started"), key=lambda line: -line["recorded_at"]
    ):
        stamp, dated = line["recorded_at"], said(line).get("version_time")
        began[line["batch"]] = (stamp if dated is None else min(dated * 1000, stamp), stamp)
    undone = {said(line)["batch"] for line in lines if line["kind"] == "import.undone"}
    attested: dict[tuple[str, str], list[tuple[int, int, int, str]]] = defaultdict(list)
    for line in lines:
        if line["kind"] == "import.confirmed":
            source = said(line).get("source_name", line["source"])
            told = [(said(line)["batch"], message, row) for message, row in said(line)["rows"]]
        else:
            source = line["source"]
            told = [(line["batch"], line["message_id"], line["row"])] if _is_row_of_a_file(line) else []
        for batch, message, row in told:
            if batch in began and batch not in undone:
                attested[source, message[:32]].append((*began[batch], row or 0, message))
    counts = {record: _greatest(places) for record, places in attested.items()}
    return [
        line
        for line in lines
        if not _is_row_of_a_file(line) or counts.get((line["source"], line["message_id"][:32])) == line["message_id"]
    ]


def _is_row_of_a_file(line: Line) -> bool:
    return line["batch"] is not None and line["message_id"][32:33] == "."


def _greatest(places: list[tuple[int, int, int, str]]) -> str:
    kept = []
    for place in places:
        version, stamp, row, message = place
        earlier = [p for p in places if p[0] == version and p[3] == message and (p[1], -p[2]) < (stamp, -row)]
        if not earlier:
            kept.append(place)
    return max(kept)[3]


def instant(line: Line, kinds: Kinds, zone: str) -> int:
    """Where a line stands, in ms: unknown times where received, days at their kind's place in the day of the zone."""
    if line["happened_at"] is None:
        return int(line["recorded_at"]) // 1000
    if line["precision"] != "day":
        return int(line["happened_at"])
    day = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=line["happened_at"])).date()
    start = int(datetime.combine(day, time.min, ZoneInfo(zone)).timestamp() * 1000)
    after = int(datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(zone)).timestamp() * 1000)
    return {"first": start, "middle": (start + after) // 2, "last": after - 1}[kinds[line["kind"]][1]]


def in_order(lines: Iterable[Line], kinds: Kinds, zone: str) -> list[Line]:
    """Lines by instant, rank of the kind, source, message and part."""
    return sorted(
        lines,
        key=lambda line: (
            instant(line, kinds, zone), kinds[line["kind"]][0], line["source"], line["message_id"], line["part"]
        ),
    )  # fmt: skip


def money(minor: int, currency: str) -> str:
    """Minor units as a decimal string."""
    places = {"JPY": 0, "KWD": 3}.get(currency, 2)
    return f"{Decimal(minor) / (10**places):.{places}f}"


def deals(lines: Iterable[Line], kinds: Kinds, zone: str) -> dict[str, dict[str, Any]]:
    """Each deal as its lines in force leave it."""
    by_deal: dict[str, list[Line]] = defaultdict(list)
    for line in in_order(lines_in_force(lines), kinds, zone):
        if line["subject_kind"] == "deal" and (line["kind"].startswith("deal.") or line["kind"] == "owner.assigned"):
            by_deal[line["subject"]].append(line)
    found = {}
    for deal, mine in by_deal.items():
        if all(line["kind"] == "owner.assigned" for line in mine):
            continue
        state: dict[str, Any] = {"status": "open", "stage": None, "amount": None, "currency": None, "owner": None}
        for line in mine:
            if line["kind"] in ("deal.won", "deal.lost", "deal.reopened"):
                state["status"] = {"won": "won", "lost": "lost", "reopened": "open"}[line["kind"][5:]]
            if line["kind"] not in ("deal.won", "deal.lost", "owner.assigned") and "stage" in said(line):
                state["stage"] = said(line)["stage"]
            if line["amount_minor"] is not None:
                state["amount"], state["currency"] = line["amount_minor"], line["currency"]
            if line["actor"] is not None:
                state["owner"] = line["actor"]
        found[deal] = state
    return found


def pipeline(
    lines: Iterable[Line], kinds: Kinds, zone: str, reporting_currency: str, owners: frozenset[str] | None = None
) -> dict[tuple[Any, ...], dict[str, Any]]:
    """(status, stage, currency) → count, value, without_value. Stages are told of open deals only."""
    rows: dict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
    for state in deals(lines, kinds, zone).values():
        if owners is not None and state["owner"] not in owners:
            continue
        stage = state["stage"] if state["status"] == "open" else None
        rows[state["status"], stage, state["currency"] or reporting_currency].append(state)
    return {
        key: {
            "count": len(mine),
            "value": money(sum(state["amount"] or 0 for state in mine), key[2]),
            "without_value": sum(state["amount"] is None for state in mine),
        }
        for key, mine in rows.items()
    }


def lifecycle(
    lines: Iterable[Line], kinds: Kinds, zone: str, whose: Mapping[str, str], column: str = "identifier"
) -> dict[tuple[str, Any, Any], dict[str, Any]]:
    """(stage, channel, heard) → count and here. ``whose`` gives the person of each identifier; others are nobody."""
    lives: dict[str, list[Line]] = defaultdict(list)
    for line in in_order(without_machines(lines_in_force(lines)), kinds, zone):
        if line[column] in whose:
            lives[whose[line[column]]].append(line)
    counted: dict[tuple[str, Any, Any], dict[str, Any]] = defaultdict(lambda: {"count": 0, "here": 0})
    said_by_anybody = {_stage(line) for life in lives.values() for line in life}
    for life in lives.values():
        stages = [_stage(line) for line in life]
        reached = [LADDER.index(stage) for stage in stages if stage in LADDER]
        if not reached:
            continue
        channel = next((line["channel"] for line in life if line["channel"]), None)
        words = [said(line)["heard_of_us_by"] for line in life if "heard_of_us_by" in said(line)]
        for rung in range(max(reached) + 1):
            if LADDER[rung] not in said_by_anybody:
                continue
            row = counted[LADDER[rung], channel, words[-1] if words else None]
            row["count"] += 1
            row["here"] += rung == max(reached)
    return dict(counted)


def _stage(line: Line) -> str | None:
    if line["kind"] == "stage.reached":
        return said(line).get("stage")
    return SAID_BY_ITSELF.get(line["kind"])


def who_is_who(lines: Iterable[Line], devices: frozenset[str]) -> dict[str, str]:
    """Whose each identifier is, where no claim crosses a record: known identifiers claimed together are one person.

    A device is theirs who alone claim it, else an anonymous visitor's: left out.
    """
    lines = lines_in_force(lines)
    claims = [set(said(line)["ids"]) for line in lines if line["kind"] == "identity.claimed"]
    named = {line["identifier"] for line in lines if line["identifier"]} | {one for claim in claims for one in claim}
    group_of = {one: {one} for one in named - devices}
    for claim in claims:
        together = set().union(*(group_of[one] for one in claim - devices))
        group_of |= dict.fromkeys(together, together)
    whose = {one: min(group) for one, group in group_of.items()}
    for device in devices & named:
        claimants = {whose[one] for claim in claims if device in claim for one in claim - devices}
        if len(claimants) == 1:
            whose[device] = claimants.pop()
    return whose


def touches(lines: Iterable[Line], kinds: Kinds, zone: str) -> dict[tuple[Any, str, str], int]:
    """(month, team, stroke) → how many lines with a stroke that are not of the system and not a machine's."""
    counted: dict[tuple[Any, str, str], int] = defaultdict(int)
    for line in without_machines(lines_in_force(lines)):
        if line["stroke"] in ("push", "pull") and line["team"] != "system":
            month = None
            if line["happened_at"] is not None:
                moment = datetime.fromtimestamp(instant(line, kinds, zone) / 1000, ZoneInfo(zone))
                month = f"{moment:%Y-%m}"
            counted[month, line["team"], line["stroke"]] += 1
    return dict(counted)


def spend(
    lines: Iterable[Line], kinds: Kinds, zone: str, reporting: str, by: str
) -> dict[tuple[Any, Any], dict[str, Any]]:
    """(currency, day or channel or campaign) → count, value, converted."""
    lines = in_order(lines_in_force(lines), kinds, zone)
    rates: dict[tuple[str, str, str], Decimal] = {}
    for line in lines:
        if line["kind"] == "rate.recorded":
            told = said(line)
            rates[told["of"], told["into"], told["day"]] = Decimal(told["rate"])
    last = {line["subject"]: line for line in lines if line["kind"] == "spend.recorded"}
    rows: dict[tuple[Any, Any], list[tuple[int, bool]]] = defaultdict(list)
    for line in last.values():
        day = _day(line, kinds, zone)
        amount, currency = line["amount_minor"], line["currency"]
        rate = None if day is None or currency == reporting else _rate(rates, currency, reporting, day)
        if rate is not None:
            places = {"JPY": 0, "KWD": 3}
            rate = rate * Decimal(10) ** (places.get(reporting, 2) - places.get(currency, 2))
            rate = rate.quantize(Decimal("1e-14"), "ROUND_HALF_UP")
            if 0 < rate <= 99_999:
                amount, currency = int((amount * rate).quantize(Decimal(1), "ROUND_HALF_UP")), reporting
            else:
                rate = None
        rows[currency, day if by == "day" else line[by]].append((amount, rate is not None))
    return {
        key: {
            "count": len(mine),
            "value": money(sum(amount for amount, _ in mine), key[0]),
            "converted": sum(converted for _, converted in mine),
        }
        for key, mine in rows.items()
    }


def _day(line: Line, kinds: Kinds, zone: str) -> str | None:
    if line["happened_at"] is None:
        return None
    return datetime.fromtimestamp(instant(line, kinds, zone) / 1000, ZoneInfo(zone)).date().isoformat()


def _rate(rates: Mapping[tuple[str, str, str], Decimal], currency: str, reporting: str, day: str) -> Decimal | None:
    """The newest rate not after the day and at most ten days older; of equal age direct, inverse, by a third."""
    for age in range(11):
        then = (datetime.fromisoformat(day) - timedelta(days=age)).date().isoformat()
        if (currency, reporting, then) in rates:
            return rates[currency, reporting, then]
        if (reporting, currency, then) in rates:
            return 1 / rates[reporting, currency, then]
        for third in sorted({of for of, _, _ in rates} - {currency, reporting}):
            if (third, currency, then) in rates and (third, reporting, then) in rates:
                return rates[third, reporting, then] / rates[third, currency, then]
    return None
