"""HubSpot-shaped exports: the labels of HubSpot's own export files, times in the portal's zone without saying which."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from worlds.arrays import Ints
from worlds.mechanisms.handoffs import ACCEPTED, FORGOTTEN, REASONS
from worlds.mechanisms.pull import FAIR, MAIL, ORGANIC, touches
from worlds.outputs.crm import (
    ACTIVITIES,
    MOVES,
    OPEN_DEAL,
    STATUSES,
    UNQUALIFIED,
    WAITING,
    Activity,
    Closed,
    Crm,
    Handoff,
    deal_name,
    lost_reason,
)
from worlds.outputs.csvfile import Cell, CsvFile
from worlds.outputs.ids import hubspot
from worlds.stages import Stage
from worlds.truth.record import Record
from worlds.world import World

CONTACT, COMPANY, DEAL, ENGAGEMENT, OWNER, CAMPAIGN = range(6)
STAGE_NAMES = {
    Stage.DEAL: "Needs found",
    Stage.TASTING: "Tasting held",
    Stage.PROPOSAL: "Proposal sent",
    Stage.WON: "Closed won",
    Stage.LOST: "Closed lost",
}
PIPELINES = ("Sales Pipeline", "Webshop")
_UNANSWERED = (FORGOTTEN, WAITING)
SOURCES = {
    ORGANIC: "Organic Search",
    MAIL: "Email Marketing",
    FAIR: "Offline Sources",
    "cpc": "Paid Search",
    "paid-social": "Paid Social",
    "video": "Paid Social",
    "webinar": "Other Campaigns",
    "display": "Other Campaigns",
}

HEADERS: dict[str, Sequence[str]] = {
    "contacts": (
        "Record ID",
        "First Name",
        "Last Name",
        "Email",
        "Phone Number",
        "Job Title",
        "Contact owner",
        "Lifecycle Stage",
        "Lead Status",
        "Unqualified reason",
        "Original Source",
        "Country/Region",
        "Create Date",
        "Last Activity Date",
        "Unsubscribed from all email",
        "Associated Company IDs",
        "Associated Company",
    ),
    "companies": (
        "Record ID",
        "Company name",
        "Company Domain Name",
        "Industry",
        "Number of Employees",
        "State/Region",
        "Country/Region",
        "Company owner",
        "Create Date",
    ),
    "deals": (
        "Record ID",
        "Deal Name",
        "Deal Stage",
        "Pipeline",
        "Amount",
        "Currency",
        "Create Date",
        "Close Date",
        "Deal owner",
        "Closed Lost Reason",
        "Last Stage Change Date",
        "Associated Contact IDs",
        "Associated Company IDs",
        "Associated Company",
    ),
    "deal-property-history": ("Record ID", "Property Name", "Value", "Timestamp", "Source Type"),
    "contact-property-history": ("Record ID", "Property Name", "Value", "Timestamp", "Source Type"),
    "calls": (
        "Record ID",
        "Call title",
        "Call notes",
        "Activity date",
        "Activity assigned to",
        "Call outcome",
        "Call duration (HH:mm:ss)",
        "Call direction",
        "Associated Contact IDs",
        "Associated Company IDs",
    ),
    "meetings": (
        "Record ID",
        "Meeting name",
        "Internal meeting notes",
        "Meeting start time",
        "Meeting end time",
        "Activity assigned to",
        "Meeting outcome",
        "Meeting location",
        "Associated Contact IDs",
        "Associated Company IDs",
    ),
    "emails": (
        "Record ID",
        "Email subject",
        "Email body",
        "Activity date",
        "Activity assigned to",
        "Email direction",
        "Associated Contact IDs",
        "Associated Company IDs",
    ),
    "tasks": (
        "Record ID",
        "Task Title",
        "Task Type",
        "Task Status",
        "Create date",
        "Due date",
        "Completed at",
        "Assigned to",
        "Notes",
        "Associated Contact IDs",
    ),
    "owners": ("Owner ID", "Email", "First Name", "Last Name", "Team", "Active", "Create Date"),
    "campaigns": ("Campaign ID", "Campaign Name", "Start date", "End date", "Spend items total"),
    "campaign-members": ("Contact ID", "Campaign ID", "Campaign Name", "Email", "Status", "First responded date"),
}


class HubSpot:
    """Writes ``hubspot/*.csv``."""

    def __init__(self, world: World, root: Path, record: Record) -> None:
        self._world, self._record = world, record
        bad = world.profile.dirt.bad_rows
        broken = {"calls": bad, "emails": bad, "tasks": bad, "contact-property-history": bad}
        self._files = {
            name: CsvFile(root, f"hubspot/{name}.csv", header, record, seed=world.seed, bad_rows=broken.get(name, 0.0))
            for name, header in HEADERS.items()
        }

    def local(self, instants: Ints) -> list[str]:
        """``YYYY-MM-DD HH:MM`` in the portal's zone; empty for 0 and for what never was."""
        there = (instants > 0) & (instants < 2**61)
        safe = np.where(there, instants, 0)
        day = self._world.calendar.local_day(safe, np.zeros(len(safe), dtype=np.int64))
        moved = safe + self._world.calendar.offsets[0, day]
        texts = np.datetime_as_string(moved.astype("datetime64[ms]"), unit="m").tolist()
        return [text.replace("T", " ") if ok else "" for text, ok in zip(texts, there.tolist(), strict=True)]

    def _seller(self, number: int) -> str:
        return self._world.sellers[number].name if number >= 0 else ""

    def week(self, crm: Crm) -> None:
        """Write this week's activities and histories."""
        by_kind: dict[str, list[Activity]] = {"calls": [], "meetings": [], "emails": []}
        for one in crm.activities:
            by_kind["calls" if one.kind.startswith("call") else "emails" if one.kind == "mail" else "meetings"].append(
                one
            )
        for name, rows in by_kind.items():
            self._activities(name, rows)
        self._tasks(crm.handoffs)
        if crm.moves:
            self._moves(crm)

    def _activities(self, name: str, rows: list[Activity]) -> None:
        if not rows:
            return
        begin = self.local(np.array([one.at for one in rows]))
        end = self.local(np.array([one.at + one.minutes * 60_000 for one in rows]))
        people = self._world.people
        made: list[Sequence[Cell]] = []
        for one, start, stop in zip(rows, begin, end, strict=True):
            key, who = hubspot(ENGAGEMENT, one.number), hubspot(CONTACT, one.person)
            firm = hubspot(COMPANY, int(people.company[one.person]))
            full, seller = f"{people.first[one.person]} {people.last[one.person]}", self._seller(one.seller)
            if name == "calls":
                outcome = "Connected" if one.kind == "call" else "No answer"
                length = f"00:{one.minutes // 60 * 60 + one.minutes % 60:02d}:00" if one.minutes < 60 else "01:00:00"
                made.append((key, f"Call with {full}", one.text, start, seller, outcome, length, "Outbound", who, firm))
            elif name == "emails":
                made.append((key, "Our talk", one.text, start, seller, "Outgoing Email", who, firm))
            else:
                place = "At the customer's" if one.kind == "visit" else "Online"
                outcome = "Scheduled" if one.planned else "Completed"
                made.append((key, f"Meeting with {full}", one.text, start, stop, seller, outcome, place, who, firm))
        self._files[name].rows(made)
        self._remember(name, rows)

    def _remember(self, name: str, rows: list[Activity]) -> None:
        happenings = [
            (event, [one for one in rows if one.kind == kind and not one.planned]) for kind, event in ACTIVITIES.items()
        ]
        for event, mine in [*happenings, ("meeting.booked", [one for one in rows if one.planned])]:
            who = np.array([one.person for one in mine], dtype=np.int64)
            keys = [hubspot(ENGAGEMENT, one.number) for one in mine]
            at = np.array([one.at for one in mine], dtype=np.int64)
            self._record.clean(f"hubspot/{name}.csv", event, at, who, self._world.people.company[who], keys)

    def _tasks(self, rows: list[Handoff]) -> None:
        if not rows:
            return
        asked = self.local(np.array([one.asked for one in rows]))
        due = self.local(np.array([one.asked + 4 * 3_600_000 for one in rows]))
        done = self.local(np.array([one.answered for one in rows]))
        people = self._world.people
        tasks = [self._task(one, at, by, end) for one, at, by, end in zip(rows, asked, due, done, strict=True)]
        self._files["tasks"].rows(tasks)
        self._files["contact-property-history"].rows(
            row for one, at, answered in zip(rows, asked, done, strict=True) for row in _lead_history(one, at, answered)
        )
        persons = np.array([one.person for one in rows], dtype=np.int64)
        at_ms = np.array([one.asked for one in rows], dtype=np.int64)
        keys = [str(row[0]) for row in tasks]
        self._record.clean("hubspot/tasks.csv", "task.opened", at_ms, persons, people.company[persons], keys)

    def _task(self, one: Handoff, at: str, due: str, answered: str) -> Sequence[Cell]:
        people = self._world.people
        title = f"Hand raised: {people.first[one.person]} {people.last[one.person]} asks for a price"
        status, finished = ("Not started", "") if one.verdict in _UNANSWERED else ("Completed", answered)
        return (
            hubspot(ENGAGEMENT, one.number), title, "Call", status, at, due, finished, self._seller(one.seller),
            one.reason, hubspot(CONTACT, one.person),
        )  # fmt: skip

    def _moves(self, crm: Crm) -> None:
        moves = crm.moves
        firm, after = moves["company"], moves["after"]
        keep = ~(crm.skips[firm] & (after == Stage.TASTING))
        times = self.local(moves["at"])
        rows: list[Sequence[Cell]] = [
            (hubspot(DEAL, c), "dealstage", STAGE_NAMES[Stage(s)], time, "CRM_UI")
            for c, s, time, ok in zip(firm.tolist(), after.tolist(), times, keep.tolist(), strict=True)
            if ok
        ]
        self._files["deal-property-history"].rows(rows)
        for stage, kind in MOVES.items():
            here = (after == stage) & keep
            who = self._world.companies.first_person[firm[here]]
            amount = self._world.companies.amount_minor[firm[here]]
            keys = [hubspot(DEAL, c) for c in firm[here].tolist()]
            self._record.clean(
                "hubspot/deal-property-history.csv", kind, moves["at"][here], who, firm[here], keys, amount=amount
            )

    def close(self, crm: Crm, closed: Closed) -> None:
        """Write the records as they stand, and close the files."""
        self._tasks(crm.handoffs)
        self._files["contacts"].rows(self._contacts(crm, closed))
        for person, first, email in closed.twice:
            self._files["contacts"].added(self._second(crm, closed, person, first, email), "duplicates")
        self._files["companies"].rows(self._companies(closed))
        self._files["deals"].rows(self._deals(crm, closed))
        self._owners()
        for file in self._files.values():
            file.close()

    def _stage(self, crm: Crm, closed: Closed, person: int) -> str:
        stage, deal = int(closed.state.stage[person]), int(closed.state.deal[self._world.people.company[person]])
        if deal == Stage.WON and stage >= Stage.LEAD:
            return "Customer"
        if deal >= Stage.DEAL and stage >= Stage.LEAD and deal != Stage.LOST:
            return "Opportunity"
        names = {int(Stage.MQL): "Marketing Qualified Lead", int(Stage.SAL): "Sales Qualified Lead"}
        return names.get(stage, "Lead")

    def _contacts(self, crm: Crm, closed: Closed) -> Iterator[Sequence[Cell]]:
        people, world = self._world.people, self._world
        who = closed.by_age(np.flatnonzero(closed.known))
        created, touched = self.local(closed.created[who]), self.local(crm.touched[who])
        kinds = [*touches(world), ""]
        media = {channel.name: channel.medium for channel in world.profile.channels}
        open_deal = (closed.state.deal[people.company] >= Stage.DEAL) & (
            closed.state.deal[people.company] <= Stage.PROPOSAL
        )
        for person, made, last in zip(who.tolist(), created, touched, strict=True):
            company = int(people.company[person])
            source = kinds[int(crm.source[person])]
            status = STATUSES[OPEN_DEAL if open_deal[person] else int(crm.status[person])]
            reason = _reason(crm, person) if status == STATUSES[UNQUALIFIED] else ""
            yield (
                hubspot(CONTACT, person),
                people.first[person],
                people.last[person],
                closed.emails[person],
                people.phone[person],
                crm.pieces.title(person),
                self._seller(int(closed.owners[company])),
                self._stage(crm, closed, person),
                status,
                reason,
                SOURCES.get(media.get(source, source), "Offline Sources" if not source else "Direct Traffic"),
                world.profile.regions[int(people.region[person])].country,
                made,
                last,
                "false" if closed.state.consent[person] else "true",
                hubspot(COMPANY, company) if world.companies.name[company] else "",
                world.companies.name[company],
            )

    def _second(self, crm: Crm, closed: Closed, person: int, first: str, email: str) -> Sequence[Cell]:
        people = self._world.people
        company = int(people.company[person])
        made = self.local(closed.second_created(person))[0]
        return (
            hubspot(CONTACT, len(people) + person),
            first,
            people.last[person],
            email,
            "",
            "",
            "",
            "Lead",
            "New",
            "",
            "Offline Sources",
            "",
            made,
            "",
            "false",
            hubspot(COMPANY, company),
            self._world.companies.name[company],
        )

    def _companies(self, closed: Closed) -> Iterator[Sequence[Cell]]:
        world = self._world
        first = np.full(len(world.companies), 2**62, dtype=np.int64)
        np.minimum.at(first, world.people.company[closed.known], closed.created[closed.known])
        there = np.flatnonzero(first < 2**62)
        there = there[np.argsort(first[there], kind="stable")]
        for company, made in zip(there.tolist(), self.local(first[there]), strict=True):
            if not world.companies.name[company]:
                continue
            segment = world.profile.segments[int(world.companies.segment[company])]
            yield (
                hubspot(COMPANY, company),
                world.companies.name[company],
                world.companies.domain[company],
                segment.label,
                int(world.companies.desks[company]),
                world.profile.regions[int(world.companies.region[company])].name,
                world.profile.regions[int(world.companies.region[company])].country,
                self._seller(int(closed.owners[company])),
                made,
            )

    def _deals(self, crm: Crm, closed: Closed) -> Iterator[Sequence[Cell]]:
        world, deal = self._world, closed.state.deal
        firms = crm.deals_by_age(deal)
        opened = self.local(crm.reached[firms, int(Stage.DEAL)])
        now = crm.reached[firms, deal[firms]]
        moved, ended = self.local(now), self.local(np.where(deal[firms] >= Stage.WON, now, 0))
        for index, firm in enumerate(firms.tolist()):
            first, size = int(world.companies.first_person[firm]), int(world.companies.size[firm])
            contacts = [p for p in range(first, first + size) if closed.known[p]] or [first]
            segment = world.profile.segments[int(world.companies.segment[firm])]
            stage = Stage(int(deal[firm]))
            yield (
                hubspot(DEAL, firm),
                deal_name(world, firm),
                STAGE_NAMES[stage],
                PIPELINES[segment.route == "self_serve"],
                f"{int(world.companies.amount_minor[firm]) / 100:.2f}",
                world.profile.firm.currency,
                opened[index],
                ended[index],
                self._seller(int(closed.owners[firm])),
                lost_reason(int(crm.lost_reason[firm])),
                moved[index],
                ";".join(hubspot(CONTACT, p) for p in contacts),
                hubspot(COMPANY, firm) if world.companies.name[firm] else "",
                world.companies.name[firm],
            )

    def _owners(self) -> None:
        world = self._world
        rows: list[Sequence[Cell]] = []
        for number, seller in enumerate(world.sellers):
            since = np.array([seller.since * 7])
            made = self.local(world.calendar.start_of(since, np.zeros(1, dtype=np.int64)))[0]
            first, last = seller.name.split(" ", 1)
            active = "true" if seller.until > world.calendar.weeks else "false"
            rows.append(
                (hubspot(OWNER, number), seller.email, first, last, world.profile.teams[seller.team].name, active, made)
            )
        self._files["owners"].rows(rows)

    def campaigns(
        self, rows: list[tuple[int, str, str, str, str]], members: list[tuple[int, int, str, str, int]]
    ) -> None:
        """``rows``: number, name, first day, last day, spend. ``members``: person, campaign number, name, status,
        instant."""
        self._files["campaigns"].rows(
            [(hubspot(CAMPAIGN, n), name, begin, end, spend) for n, name, begin, end, spend in rows]
        )
        when = self.local(np.array([member[4] for member in members], dtype=np.int64)) if members else []
        self._files["campaign-members"].rows(
            [
                (
                    hubspot(CONTACT, person),
                    hubspot(CAMPAIGN, number),
                    name,
                    self._world.people.email[person],
                    status,
                    at,
                )
                for (person, number, name, status, _), at in zip(members, when, strict=True)
            ]
        )


def _lead_history(one: Handoff, at: str, answered: str) -> Iterator[Sequence[Cell]]:
    """How a hand that was raised stands in the history of the contact's properties."""
    who = hubspot(CONTACT, one.person)
    yield who, "lifecyclestage", "marketingqualifiedlead", at, "FORMS"
    if one.verdict == WAITING:
        return
    word = {FORGOTTEN: "OPEN", ACCEPTED: "CONNECTED"}.get(one.verdict, "UNQUALIFIED")
    yield who, "hs_lead_status", word, answered, "CRM_UI"
    if one.verdict == ACCEPTED:
        yield who, "lifecyclestage", "salesqualifiedlead", answered, "CRM_UI"


def _reason(crm: Crm, person: int) -> str:
    return REASONS[int(crm.reason[person])] if crm.reason[person] >= 0 else ""
