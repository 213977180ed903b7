"""Steps of the tests of the screens: a page asked for, its words, a firm of any size, statements counted."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

if TYPE_CHECKING:
    from django.test import Client

    from tests.cast import Person

SignIn = Callable[["Person"], "Client"]
CONTACTS = (
    "Contact ID", "Email", "First Name", "Last Name", "Job Title", "Associated Company ID", "Lifecycle Stage",
    "Original Source", "Create Date", "Contact owner",
)  # fmt: skip
COMPANIES = ("Company ID", "Company name", "Company Domain Name", "Industry", "Number of Employees")
DEALS = (
    "Deal ID", "Deal Name", "Deal Stage", "Amount", "Currency", "Create Date", "Deal owner", "Associated Company ID",
    "Associated Contact ID",
)  # fmt: skip


def page(client: Client, address: str, **given: Any) -> str:
    """The page at this address, which must be there."""
    answer = client.get(address, **given)
    assert answer.status_code == 200, f"{address}: {answer.status_code}"
    return answer.content.decode()


def words(html: str) -> str:
    """The text of a page, tags and doubled spaces taken away."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).replace("\xa0", " ")


def key_of(name: str) -> str:
    """The key of the one who is called so."""
    from twostroke.identity import queries as identity

    [hit] = [hit for hit in identity.search(name) if hit.name == name]
    return hit.id


def deal_called(name: str) -> str:
    """The id of the deal that is called so."""
    from twostroke.deals import queries as deals

    [deal] = [deal for deal in deals.deals() if deal.name == name]
    return deal.subject


def write_table(path: Path, header: Iterable[str], rows: Iterable[Iterable[object]]) -> Path:
    """A file of the firm's."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([list(header), *map(list, rows)])
    return path


def bring_in_crowd(folder: Path, size: int, *, source: str = "crm") -> None:
    """``size`` companies, each with somebody there, an owner and an open deal; the names sort as they are numbered."""
    from twostroke.connectors.files.actions import Wish, run_import

    numbers = range(1, size + 1)
    files = (
        write_table(
            folder / "companies.csv", COMPANIES,
            [(f"c{n}", f"Company {n:03d}", f"company{n}.example", "Hotels", n) for n in numbers],
        ),
        write_table(
            folder / "contacts.csv", CONTACTS,
            [
                (f"p{n}", f"anna{n}@company{n}.example", "Anna", f"Number {n:03d}", "Buyer", f"c{n}", "Lead",
                 "Organic Search", "2026-03-14", f"Seller {n % 3}")
                for n in numbers
            ],
        ),
        write_table(
            folder / "deals.csv", DEALS,
            [
                (f"d{n}", f"Deal {n:03d}", "Proposal sent", 100 * n, "EUR", "2026-02-15", f"Seller {n % 3}", f"c{n}",
                 f"p{n}")
                for n in numbers
            ],
        ),
    )  # fmt: skip
    run_import(Wish(paths=files, source=source))


def statements(ask: Callable[..., object], *given: object) -> list[str]:
    """The statements the database is asked, after a first time that fills what is kept."""
    ask(*given)
    with CaptureQueriesContext(connection) as asked:
        ask(*given)
    return [query["sql"] for query in asked.captured_queries]
