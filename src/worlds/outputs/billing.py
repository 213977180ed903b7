"""``billing/invoices.csv`` and ``billing/payments.csv``: the books, as accounting exports them — semicolons, decimal
commas, days before months. Net amounts; customers are numbered by the books' own count.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from worlds.arrays import Ints
from worlds.clock import DAY
from worlds.outputs.csvfile import Cell, CsvFile
from worlds.truth.record import Record
from worlds.world import World

INVOICES = (
    "Invoice number",
    "Invoice date",
    "Due date",
    "Customer number",
    "Customer",
    "For",
    "Order number",
    "Net amount",
    "Currency",
)
PAYMENTS = ("Payment number", "Value date", "Invoice number", "Payer", "Amount", "Currency", "Method")
NEVER_PAID = 0.02
HALF_PAID = 0.02


class Billing:
    """Writes invoices of deals and orders, and the payments they bring."""

    def __init__(self, world: World, root: Path, record: Record) -> None:
        self._world, self._record = world, record
        self._invoices = CsvFile(root, "billing/invoices.csv", INVOICES, record, seed=world.seed, delimiter=";")
        self._payments = CsvFile(root, "billing/payments.csv", PAYMENTS, record, seed=world.seed, delimiter=";")
        self._number = 20_000
        self._paid = 0
        self._due: list[tuple[int, int, int, int, str]] = []

    def write(self, week: int, deals: dict[str, Ints], orders: dict[str, Ints], order_numbers: list[str]) -> None:
        """Invoice this week's won deals and orders; book the payments that came in."""
        rows: list[tuple[int, int, int, str, str]] = []
        if deals:
            amounts = self._world.companies.amount_minor[deals["company"]].tolist()
            rows += [
                (at + 5 * DAY, c, m, "Machines", "")
                for at, c, m in zip(deals["at"].tolist(), deals["company"].tolist(), amounts, strict=True)
            ]
        if orders:
            columns = zip(
                orders["at"].tolist(), orders["company"].tolist(), orders["amount"].tolist(), order_numbers, strict=True
            )
            rows += [(at, c, m, "Shop order", number) for at, c, m, number in columns]
        rows = sorted(row for row in rows if row[0] < self._world.calendar.end)
        self._issue(week, rows)
        self._book(week)

    def _issue(self, week: int, rows: list[tuple[int, int, int, str, str]]) -> None:
        luck = self._world.luck.uniform("billing.pays", week, max(len(rows), 1)).tolist()
        slow = self._world.luck.normal("billing.slow", week, max(len(rows), 1)).tolist()
        lines: list[Sequence[Cell]] = []
        for (at, company, minor, what, order), chance, delay in zip(rows, luck, slow, strict=False):
            self._number += 1
            number = f"R-{self._number}"
            day = self._day(at)
            lines.append(
                (
                    number,
                    _german(day),
                    _german(day + timedelta(days=30)),
                    f"K{company + 10_000}",
                    self._name(company),
                    what,
                    order,
                    _comma(minor),
                    self._world.profile.firm.currency,
                )
            )
            if chance >= NEVER_PAID:
                paid = minor // 2 if chance < NEVER_PAID + HALF_PAID else minor
                wait = max(1, round(24 + 9 * delay)) if what == "Machines" else max(0, round(4 + 3 * delay))
                self._due.append((at + wait * DAY, company, paid, len(lines), number))
        self._invoices.rows(lines)
        self._known("billing/invoices.csv", "invoice.issued", rows, lines)

    def _book(self, week: int) -> None:
        zone = np.zeros(1, dtype=np.int64)
        edge = min(int(self._world.calendar.start_of(np.array([week * 7 + 7]), zone)[0]), self._world.calendar.end)
        now = sorted(row for row in self._due if row[0] < edge)
        self._due = [row for row in self._due if row[0] >= edge]
        lines: list[Sequence[Cell]] = []
        for at, company, minor, _, number in now:
            self._paid += 1
            method = ("transfer", "transfer", "card", "direct debit")[self._paid % 4]
            lines.append(
                (
                    f"Z-{self._paid:06d}",
                    _german(self._day(at)),
                    number,
                    self._name(company),
                    _comma(minor),
                    self._world.profile.firm.currency,
                    method,
                )
            )
        self._payments.rows(lines)
        self._known("billing/payments.csv", "payment.received", now, lines)

    def _known(self, file: str, event: str, rows: Sequence[tuple[Any, ...]], lines: Sequence[Sequence[Cell]]) -> None:
        """Tell the truth of these lines; ``rows`` begin with instant, company and amount."""
        at, firm, amount = (np.array([row[column] for row in rows], dtype=np.int64) for column in range(3))
        who = self._world.companies.first_person[firm]
        keys = [str(line[0]) for line in lines]
        self._record.clean(file, event, at, who, self._world.people.company[who], keys, amount=amount)

    def _day(self, at: int) -> date:
        index = self._world.calendar.local_day(np.array([at]), np.zeros(1, dtype=np.int64))
        return self._world.calendar.day(int(index[0]))

    def _name(self, company: int) -> str:
        world = self._world
        return world.companies.name[company] or world.people.last[int(world.companies.first_person[company])]

    def close(self) -> None:
        """Close the files. Money that is still to come is not in them."""
        self._invoices.close()
        self._payments.close()


def _german(day: date) -> str:
    return day.strftime("%d.%m.%Y")


def _comma(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02d}".replace(".", ",")
