"""Salesforce's standard objects and fields: API names, labels of its reports, and what each is on the log.

``fields.csv`` holds one field a row: object, API name, label, role. Where several fields of an object have one role,
the one that stands first is taken. Source: Salesforce's field reference and object reference. Custom fields (``__c``)
are known by the general words of the trade, and only where no standard field has their role.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

VENDOR = "Salesforce"

# Object → record, object type, words in the names of its files.
OBJECTS: dict[str, tuple[str, str, str]] = {
    "Lead": ("person", "lead", "lead"),
    "Contact": ("person", "contact", "contact"),
    "Account": ("company", "", "account"),
    "Opportunity": ("deal", "", "opportunit"),
    "OpportunityHistory": ("stage_history", "", "opportunity history"),
    "OpportunityFieldHistory": ("history", "deal", "opportunity field history"),
    "LeadHistory": ("history", "lead", "lead history"),
    "ContactHistory": ("history", "contact", "contact history"),
    "AccountHistory": ("history", "company", "account history"),
    "CaseHistory": ("history", "ticket", "case history"),
    "OpportunityContactRole": ("association", "", "contact role"),
    "AccountContactRelation": ("association", "", "contact relation"),
    "Task": ("activity", "task", "task"),
    "Event": ("activity", "event", "event"),
    "Campaign": ("campaign", "", "campaign"),
    "CampaignMember": ("touch", "event", "campaign member"),
    "User": ("colleague", "", "user"),
    "UserRole": ("names", "team", "user role"),
    "Product2": ("product", "", "product"),
    "PricebookEntry": ("price", "", "pricebook entr"),
    "Pricebook2": ("names", "list", "pricebook"),
    "OpportunityLineItem": ("line_item", "", "line item"),
    "OpportunityStage": ("stage", "", "opportunity stage"),
    "Case": ("ticket", "", "case"),
}

# What a report about an object has and no other (squeezed). Beside it stand columns of the records it belongs to.
MARKS = {
    "OpportunityContactRole": {"role", "primary"},
    "OpportunityLineItem": {"salesprice", "totalprice"},
    "OpportunityFieldHistory": {"fieldevent", "newvalue"},
}

# The first three characters of an id say what it is the id of.
ID_PREFIXES = {"001": "company", "003": "contact", "005": "colleague", "006": "deal", "00Q": "lead", "500": "ticket"}
# Those with which the rows of a record begin; a quote (0Q0) or a message (02s) is none of these.
OWN_PREFIXES = {
    "company": {"001"}, "person": {"001", "003", "00Q"}, "colleague": {"005"}, "deal": {"006"}, "ticket": {"500"},
    "product": {"01t"}, "activity": {"00T", "00U"}, "touch": {"00v"}, "order": {"801"},
}  # fmt: skip


@cache
def fields() -> tuple[tuple[str, str, str, str], ...]:
    """Every field: object, API name, label, role; name or label may be empty, a role mostly is."""
    with (Path(__file__).parent / "fields.csv").open(encoding="utf-8", newline="") as file:
        return tuple((row["object"], row["name"], row["label"], row["role"]) for row in csv.DictReader(file))
