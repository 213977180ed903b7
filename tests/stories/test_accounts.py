"""The referee's accounts: what every tool wrote is stored or held, row by row, and money is what was spent."""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal

import pytest

from tests.spec.raw_log import raw_lines
from tests.stories.firms import Firm
from twostroke.ledger.queries import accounting

# Whole firms come in: once is enough, since both databases are held to the same state elsewhere.
pytestmark = pytest.mark.sqlite

# Read for the names of campaigns alone; no row of it is a record.
NAMES_ONLY = {"hubspot/campaigns.csv", "salesforce/Campaign.csv"}


def test_every_row_of_every_tool_is_accounted_for_and_those_held_are_the_damaged_ones(firm: Firm) -> None:
    """A message sent again is a duplicate; one sent again in other words is a newer version of the same, and stored."""
    expected: dict[str, Counter[str]] = defaultdict(Counter)
    for name, tool in firm.files.items():
        if name not in NAMES_ONLY:
            account = firm.truth("accounting")[name]
            expected[tool]["received"] += account["lines"]
            expected[tool]["quarantined"] += sum(
                n for kind, n in account.items() if kind.endswith(("bad_rows", "damaged"))
            )
            expected[tool]["duplicate"] += account.get("repeated", 0)
    told = {one.source: one for one in accounting() if one.source != "twostroke"}
    assert {tool: (one.received, one.quarantined, one.duplicate) for tool, one in told.items()} == {
        tool: (account["received"], account["quarantined"], account["duplicate"]) for tool, account in expected.items()
    }
    assert all(one.stored == one.received - one.quarantined - one.duplicate for one in told.values())
    assert expected["site"]["duplicate"] > 0
    assert expected["site"]["quarantined"] > 0


def test_spend_is_to_the_cent_what_the_platforms_charged(firm: Firm) -> None:
    charged: Counter[str] = Counter()
    for row in firm.csv("ads/spend.csv"):
        charged[row["Campaign"]] += int(Decimal(row["Cost"]) * 100)
    counted: Counter[str] = Counter()
    for line in raw_lines():
        if line["kind"] == "spend.recorded":
            counted[line["campaign"]] += line["amount_minor"]
    assert counted == charged
    assert sum(charged.values()) > 0
