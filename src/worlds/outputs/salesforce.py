"""Salesforce-shaped exports: one CSV per object, API field names, as the weekly data export writes them (UTC,
18-letter ids)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from worlds.arrays import Ints
from worlds.clock import HOUR, iso
from worlds.mechanisms.handoffs import FORGOTTEN
from worlds.outputs.crm import (
    ACTIVITIES,
    MOVES,
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
from worlds.outputs.ids import salesforce
from worlds.stages import Stage
from worlds.truth.record import Record
from worlds.world import SELF, World

PREFIX = {
    "Account": "001",
    "Contact": "003",
    "Opportunity": "006",
    "Lead": "00Q",
    "Task": "00T",
    "Event": "00U",
    "User": "005",
    "Campaign": "701",
    "CampaignMember": "00v",
    "OpportunityHistory": "008",
}
STAGE_NAMES = {
    Stage.DEAL: "Needs Analysis",
    Stage.TASTING: "Value Proposition",
    Stage.PROPOSAL: "Proposal/Price Quote",
    Stage.WON: "Closed Won",
    Stage.LOST: "Closed Lost",
}
PROBABILITY = {Stage.DEAL: 20, Stage.TASTING: 50, Stage.PROPOSAL: 75, Stage.WON: 100, Stage.LOST: 0}
LEAD_STATUS = (
    "Open - Not Contacted",
    "Working - Contacted",
    "Working - Contacted",
    "Closed - Not Converted",
    "Closed - Converted",
)

HEADERS: dict[str, Sequence[str]] = {
    "Account": (
        "Id",
        "Name",
        "Website",
        "Industry",
        "NumberOfEmployees",
        "BillingState",
        "BillingCountry",
        "OwnerId",
        "CreatedDate",
    ),
    "Contact": (
        "Id",
        "AccountId",
        "FirstName",
        "LastName",
        "Email",
        "Phone",
        "Title",
        "OwnerId",
        "HasOptedOutOfEmail",
        "CreatedDate",
    ),
    "Lead": (
        "Id",
        "FirstName",
        "LastName",
        "Email",
        "Company",
        "Title",
        "Status",
        "LeadSource",
        "IsConverted",
        "ConvertedContactId",
        "ConvertedAccountId",
        "OwnerId",
        "CreatedDate",
    ),
    "Opportunity": (
        "Id",
        "AccountId",
        "Name",
        "StageName",
        "Amount",
        "CurrencyIsoCode",
        "Probability",
        "CloseDate",
        "IsClosed",
        "IsWon",
        "OwnerId",
        "Loss_Reason__c",
        "CreatedDate",
        "LastStageChangeDate",
    ),
    "OpportunityHistory": (
        "Id",
        "OpportunityId",
        "StageName",
        "Amount",
        "CurrencyIsoCode",
        "Probability",
        "CreatedDate",
    ),
    "Task": (
        "Id",
        "WhoId",
        "WhatId",
        "Subject",
        "Status",
        "TaskSubtype",
        "Description",
        "ActivityDate",
        "OwnerId",
        "CallDurationInSeconds",
        "CreatedDate",
        "CompletedDateTime",
    ),
    "Event": (
        "Id",
        "WhoId",
        "WhatId",
        "Subject",
        "Description",
        "StartDateTime",
        "EndDateTime",
        "Location",
        "OwnerId",
        "CreatedDate",
    ),
    "Campaign": ("Id", "Name", "StartDate", "EndDate", "ActualCost", "CurrencyIsoCode"),
    "CampaignMember": ("Id", "CampaignId", "ContactId", "LeadId", "Status", "FirstRespondedDate"),
    "User": ("Id", "Username", "Name", "Email", "Department", "IsActive", "CreatedDate"),
}


class Salesforce:
    """Writes ``salesforce/*.csv``."""

    def __init__(self, world: World, root: Path, record: Record) -> None:
        self._world, self._record = world, record
        self._files = {
            name: CsvFile(
                root,
                f"salesforce/{name}.csv",
                header,
                record,
                seed=world.seed,
                bad_rows=world.profile.dirt.bad_rows if name == "Task" else 0.0,
            )
            for name, header in HEADERS.items()
        }
        self._history = 0

    def _id(self, kind: str, number: int) -> str:
        return salesforce(PREFIX[kind], number)

    def _owner(self, seller: int) -> str:
        return self._id("User", seller + 1)

    def utc(self, instants: Ints) -> list[str]:
        """``2025-03-01T14:05:00.000+0000``; empty for 0 and for what never was."""
        there = (instants > 0) & (instants < 2**61)
        return [
            t[:-1] + "+0000" if ok else ""
            for t, ok in zip(iso(np.where(there, instants, 0)), there.tolist(), strict=True)
        ]

    def week(self, crm: Crm) -> None:
        """Write this week's activities and histories."""
        calls = [one for one in crm.activities if one.kind not in ("meeting", "visit")]
        self._files["Task"].rows([*self._calls(crm, calls), *self._hands(crm, crm.handoffs)])
        self._events(crm, [one for one in crm.activities if one.kind in ("meeting", "visit")])
        self._remember(crm)
        if crm.moves:
            self._moves(crm)

    def _calls(self, crm: Crm, rows: list[Activity]) -> Iterator[Sequence[Cell]]:
        times = self.utc(np.array([one.at for one in rows], dtype=np.int64)) if rows else []
        people = self._world.people
        for one, at in zip(rows, times, strict=True):
            mail = one.kind == "mail"
            subject = "Email: our talk" if mail else "Call" if one.kind == "call" else "Call: no answer"
            yield (
                self._id("Task", one.number),
                self._id("Contact", one.person),
                self._id("Account", int(people.company[one.person])),
                subject,
                "Completed",
                "Email" if mail else "Call",
                one.text,
                at[:10],
                self._owner(one.seller),
                "" if mail else one.minutes * 60,
                at,
                at,
            )

    def _hands(self, crm: Crm, rows: list[Handoff]) -> Iterator[Sequence[Cell]]:
        if not rows:
            return
        asked = self.utc(np.array([one.asked for one in rows]))
        done = self.utc(np.array([one.answered for one in rows]))
        for one, at, answered in zip(rows, asked, done, strict=True):
            forgotten = one.verdict in (FORGOTTEN, WAITING)
            yield (
                self._id("Task", one.number),
                self._id("Lead", one.person),
                "",
                "Hand raised: asks for a price",
                "Not Started" if forgotten else "Completed",
                "Task",
                one.reason,
                at[:10],
                self._owner(one.seller),
                "",
                at,
                "" if forgotten else answered,
            )

    def _events(self, crm: Crm, rows: list[Activity]) -> None:
        if not rows:
            return
        begin = self.utc(np.array([one.at for one in rows]))
        end = self.utc(np.array([one.at + one.minutes * 60_000 for one in rows]))
        made = self.utc(np.array([self._world.calendar.end - 16 * HOUR]))[0]
        people = self._world.people
        self._files["Event"].rows(
            [
                (
                    self._id("Event", one.number),
                    self._id("Contact", one.person),
                    self._id("Account", int(people.company[one.person])),
                    "Visit" if one.kind == "visit" else "Meeting",
                    one.text,
                    start,
                    stop,
                    "On site" if one.kind == "visit" else "Online",
                    self._owner(one.seller),
                    made if one.planned else start,
                )
                for one, start, stop in zip(rows, begin, end, strict=True)
            ]
        )

    def _moves(self, crm: Crm) -> None:
        moves, rows = crm.moves, []
        for firm, after, at in zip(
            moves["company"].tolist(), moves["after"].tolist(), self.utc(moves["at"]), strict=True
        ):
            if crm.skips[firm] and after == Stage.TASTING:
                continue
            self._history += 1
            amount = f"{int(self._world.companies.amount_minor[firm]) / 100:.2f}"
            stage = Stage(after)
            rows.append(
                (
                    self._id("OpportunityHistory", self._history),
                    self._id("Opportunity", firm),
                    STAGE_NAMES[stage],
                    amount,
                    self._world.profile.firm.currency,
                    PROBABILITY[stage],
                    at,
                )
            )
        self._files["OpportunityHistory"].rows(rows)
        self._remember_moves(crm)

    def _remember_moves(self, crm: Crm) -> None:
        firm, after, at = crm.moves["company"], crm.moves["after"], crm.moves["at"]
        keep = ~(crm.skips[firm] & (after == Stage.TASTING))
        for stage, kind in MOVES.items():
            here = keep & (after == stage)
            person = self._world.companies.first_person[firm[here]]
            keys = [self._id("Opportunity", number) for number in firm[here].tolist()]
            amount = self._world.companies.amount_minor[firm[here]]
            self._record.clean(
                "salesforce/OpportunityHistory.csv", kind, at[here], person, firm[here], keys, amount=amount
            )

    def _remember(self, crm: Crm) -> None:
        """The clean record of this week's activities and tasks."""
        found: dict[tuple[str, str], list[tuple[int, int, int]]] = {}
        for one in crm.activities:
            kind = "meeting.booked" if one.planned else ACTIVITIES[one.kind]
            place = "Event" if one.kind in ("meeting", "visit") else "Task"
            found.setdefault((place, kind), []).append((one.number, one.at, one.person))
        for hand in crm.handoffs:
            found.setdefault(("Task", "task.opened"), []).append((hand.number, hand.asked, hand.person))
        for (place, kind), rows in found.items():
            numbers, at, person = (np.array(column, dtype=np.int64) for column in zip(*rows, strict=True))
            keys = [self._id(place, number) for number in numbers.tolist()]
            company = self._world.people.company[person]
            self._record.clean(f"salesforce/{place}.csv", kind, at, person, company, keys)

    def close(self, crm: Crm, closed: Closed) -> None:
        """Write the records as they stand, and close the files."""
        self._files["Task"].rows(self._hands(crm, crm.handoffs))
        self._remember(crm)
        self._files["Account"].rows(self._accounts(closed))
        self._files["Contact"].rows(self._contacts(crm, closed))
        self._files["Lead"].rows(self._leads(crm, closed))
        for person, first, email in closed.twice:
            number = len(self._world.people) + person
            company = self._world.companies.name[int(self._world.people.company[person])]
            made = self.utc(closed.second_created(person))[0]
            self._files["Lead"].added(
                (
                    self._id("Lead", number),
                    first,
                    self._world.people.last[person],
                    email,
                    company,
                    "",
                    LEAD_STATUS[0],
                    "Trade Show",
                    "false",
                    "",
                    "",
                    self._owner(-1),
                    made,
                ),
                "duplicates",
            )
        self._files["Opportunity"].rows(self._opportunities(crm, closed))
        self._users()
        for file in self._files.values():
            file.close()

    def _accounts(self, closed: Closed) -> Iterator[Sequence[Cell]]:
        world = self._world
        first = np.full(len(world.companies), 2**62, dtype=np.int64)
        np.minimum.at(first, world.people.company[closed.known], closed.created[closed.known])
        there = np.flatnonzero(first < 2**62)
        there = there[np.argsort(first[there], kind="stable")]
        for company, made in zip(there.tolist(), self.utc(first[there]), strict=True):
            yield (
                self._id("Account", company),
                world.companies.name[company] or world.people.last[int(world.companies.first_person[company])],
                world.companies.domain[company],
                world.profile.segments[int(world.companies.segment[company])].label,
                int(world.companies.desks[company]),
                world.profile.regions[int(world.companies.region[company])].name,
                world.profile.regions[int(world.companies.region[company])].country,
                self._owner(int(closed.owners[company])),
                made,
            )

    def _contacts(self, crm: Crm, closed: Closed) -> Iterator[Sequence[Cell]]:
        people = self._world.people
        who = closed.by_age(np.flatnonzero(closed.known))
        for person, made in zip(who.tolist(), self.utc(closed.created[who]), strict=True):
            company = int(people.company[person])
            yield (
                self._id("Contact", person),
                self._id("Account", company),
                people.first[person],
                people.last[person],
                closed.emails[person],
                people.phone[person],
                crm.pieces.title(person),
                self._owner(int(closed.owners[company])),
                "false" if closed.state.consent[person] else "true",
                made,
            )

    def _leads(self, crm: Crm, closed: Closed) -> Iterator[Sequence[Cell]]:
        """Everybody carried by sellers entered as a lead; with an accepted hand the lead was converted to the
        contact."""
        world, people = self._world, self._world.people
        who = closed.by_age(np.flatnonzero(closed.known & (world.seller_of[people.company] != SELF)))
        for person, made in zip(who.tolist(), self.utc(closed.created[who]), strict=True):
            company = int(people.company[person])
            converted = closed.state.stage[person] == Stage.SAL
            status = LEAD_STATUS[
                4 if converted else UNQUALIFIED if crm.status[person] == UNQUALIFIED else int(crm.status[person])
            ]
            yield (
                self._id("Lead", person),
                people.first[person],
                people.last[person],
                closed.emails[person],
                world.companies.name[company],
                crm.pieces.title(person),
                status,
                "Web" if crm.source[person] >= 0 else "Other",
                "true" if converted else "false",
                self._id("Contact", person) if converted else "",
                self._id("Account", company) if converted else "",
                self._owner(int(closed.owners[company])),
                made,
            )

    def _opportunities(self, crm: Crm, closed: Closed) -> Iterator[Sequence[Cell]]:
        world, deal = self._world, closed.state.deal
        firms = crm.deals_by_age(deal)
        opened = self.utc(crm.reached[firms, int(Stage.DEAL)])
        now = crm.reached[firms, deal[firms]]
        moved = self.utc(now)
        guess = self.utc(np.where(deal[firms] >= Stage.WON, now, now + 60 * 86_400_000))
        for index, firm in enumerate(firms.tolist()):
            stage = Stage(int(deal[firm]))
            closed_now = stage in (Stage.WON, Stage.LOST)
            yield (
                self._id("Opportunity", firm),
                self._id("Account", firm),
                deal_name(world, firm),
                STAGE_NAMES[stage],
                f"{int(world.companies.amount_minor[firm]) / 100:.2f}",
                world.profile.firm.currency,
                PROBABILITY[stage],
                guess[index][:10],
                "true" if closed_now else "false",
                "true" if stage == Stage.WON else "false",
                self._owner(int(closed.owners[firm])),
                lost_reason(int(crm.lost_reason[firm])),
                opened[index],
                moved[index],
            )

    def _users(self) -> None:
        world = self._world
        rows: list[Sequence[Cell]] = [
            (
                self._owner(-1),
                f"shop@{world.profile.firm.domain}",
                "Webshop",
                f"shop@{world.profile.firm.domain}",
                "Webshop",
                "true",
                self.utc(np.array([world.calendar.end]))[0],
            )
        ]
        for number, seller in enumerate(world.sellers):
            made = self.utc(world.calendar.start_of(np.array([seller.since * 7]), np.zeros(1, dtype=np.int64)))[0]
            active = "true" if seller.until > world.calendar.weeks else "false"
            rows.append(
                (
                    self._owner(number),
                    seller.email,
                    seller.name,
                    seller.email,
                    world.profile.teams[seller.team].name,
                    active,
                    made,
                )
            )
        self._files["User"].rows(rows)

    def campaigns(
        self, rows: list[tuple[int, str, str, str, str]], members: list[tuple[int, int, str, str, int]]
    ) -> None:
        """``rows``: number, name, first day, last day, spend. ``members``: person, campaign number, name, status,
        instant."""
        currency = self._world.profile.firm.currency
        self._files["Campaign"].rows(
            [(self._id("Campaign", n), name, begin, end, spend, currency) for n, name, begin, end, spend in rows]
        )
        when = self.utc(np.array([member[4] for member in members], dtype=np.int64)) if members else []
        self._files["CampaignMember"].rows(
            [
                (
                    self._id("CampaignMember", place),
                    self._id("Campaign", number),
                    self._id("Contact", person),
                    "",
                    status,
                    at[:10],
                )
                for place, ((person, number, _, status, _), at) in enumerate(zip(members, when, strict=True))
            ]
        )
