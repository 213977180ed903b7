"""No branch of ``src/`` knows the real files the tests read.

Names of files, of products, accounts and people, long headers and answers of these files are read at test time and
looked for in every file of ``src/``. Code that knows them by heart would pass every test and fail at the first firm.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.trees import SRC, none, shown, text_of

# Words every CRM and every office uses. None of them tells one firm's file from another's.
GENERAL = {
    # record types any export is named after
    "accounts.csv", "products.csv", "leads.csv", "readme.md", "license", "license.md", "meta.xml", "tests.xml",
    "form_data", "deal_data", "owner_data", "role_data", "team_data", "users_data", "ticket_data", "property_data",
    # channels and acts by the names the advertising and mail trade gives them
    "organic search", "direct traffic", "referral sites", "social media", "google ads", "paid search",
    "pay per click ads",
    "word of mouth", "online search", "email opened", "email bounced", "email received", "email link clicked",
    "email marked spam", "sms sent", "form submitted on website", "page visited on website", "landing page submission",
    "live chat", "press release", "lead add form", "lead import", "had a phone conversation", "unsubscribed",
    # placeholders and answers of any form
    "not sure", "might be", "multiple sources", "other cities", "working professional", "united states",
    # plain English
    "switched off", "in touch", "already a student",
    # names of departments and occupations
    "business administration", "human resource management", "marketing management", "finance management",
    "operations management", "supply chain management", "international business", "blue-collar", "self-employed",
}  # fmt: skip
# Field names a vendor gives to everybody, in the vendor's own spelling.
VENDORS = {"page views per visit", "do not email", "do not call", "total time spent on website"}

# Files whose headers and answers are looked for.
ANSWERS_IN = ("x-education/Leads.csv", "uci-bank/bank-first-70-percent.csv")
NAMES_IN = {  # every value of these columns names somebody or something
    "maven-crm/accounts.csv": ("account", "subsidiary_of"),
    "maven-crm/products.csv": ("product",),
    "maven-crm/sales_pipeline.csv": ("product", "account", "sales_agent"),
    "maven-crm/sales_teams.csv": ("sales_agent", "manager"),
}


def _rows(path: Path) -> list[dict[str, str]]:
    text = path.read_text("utf-8-sig", errors="replace")
    return list(csv.DictReader(text.splitlines(), delimiter=";" if ";" in text.split("\n", 1)[0] else ","))


def _distinctive(shared: Path) -> Iterator[str]:
    for path in sorted(shared.rglob("*")):
        if path.is_dir():
            yield path.name
            continue
        yield path.name
        if "_" in path.stem or "-" in path.stem:
            yield path.stem
    for name, columns in NAMES_IN.items():
        for row in _rows(shared / name):
            yield from (row[column] for column in columns)
    for path in (shared / name for name in (*NAMES_IN, *ANSWERS_IN)):
        rows = _rows(path)
        for header in rows[0]:
            if len(header.split()) >= 3:
                yield header
            values = {row[header] or "" for row in rows}
            if len(values) <= 60:
                yield from (value for value in values if len(value.split()) >= 2)
    yield from ("technol" + "gy", "maven")


def _telling(words: set[str]) -> list[str]:
    """What is left when general words, vendors' words, figures and very short words are taken away."""
    lower = {" ".join(word.lower().split()) for word in words}
    return sorted(
        w for w in lower - GENERAL - VENDORS if len(w) >= 5 and re.search(r"[a-z]{3}", w) and w not in _FOLDERS
    )


# Folder names that are ordinary English.
_FOLDERS = {"paths", "csvs", "json", "data"}


@pytest.mark.shared_data
def test_no_file_of_the_program_knows_the_real_files(shared_data: Path) -> None:
    telling = _telling(set(_distinctive(shared_data)))
    assert len(telling) > 200, "the real files were not read"
    pattern = re.compile(r"(?<![a-z0-9])(?:" + "|".join(re.escape(word) for word in telling) + r")(?![a-z0-9])")
    found = []
    for path in sorted(SRC.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            text = " ".join(text_of(path).lower().split())
            found += [f"{shown(path)}: {match}" for match in sorted(set(pattern.findall(text)))]
    none(found)


@pytest.mark.shared_data
def test_the_search_would_find_a_product_an_account_a_seller_and_a_long_header(shared_data: Path) -> None:
    telling = _telling(set(_distinctive(shared_data)))
    first = {name: _rows(shared_data / name)[0] for name in NAMES_IN}
    assert first["maven-crm/products.csv"]["product"].lower() in telling
    assert first["maven-crm/accounts.csv"]["account"].lower() in telling
    assert first["maven-crm/sales_teams.csv"]["manager"].lower() in telling
    assert any(len(word.split()) >= 6 for word in telling)
