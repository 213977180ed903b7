"""HubSpot's objects and fields: names of its API, labels of its exports, and what each is on the log.

``fields.csv`` holds one field a row: object, name in the API (as ETL tools write it, too), label, role. Where several
fields of an object have one role, the one that stands first is taken. Source: HubSpot's default properties of each
object, its engagement, e-mail event, form, list, owner and pipeline APIs, and the tables that warehouses make of them.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

VENDOR = "HubSpot"

# Object → record, object type, words in the names of its files.
OBJECTS: dict[str, tuple[str, str, str]] = {
    "contact": ("person", "contact", "contact"),
    "company": ("company", "", "compan"),
    "deal": ("deal", "", "deal"),
    "ticket": ("ticket", "", "ticket"),
    "deal_pipeline": ("names", "pipeline", "pipeline"),
    "pipeline_stage": ("stage", "", "pipeline stage"),
    "contact_property_history": ("history", "contact", "contact history"),
    "company_property_history": ("history", "company", "company history"),
    "deal_property_history": ("history", "deal", "deal history"),
    "ticket_property_history": ("history", "ticket", "ticket history"),
    "deal_stage": ("stage_history", "", "deal stage"),
    "engagement": ("activity", "", "engagement"),
    "call": ("activity", "call", "call"),
    "meeting": ("activity", "meeting", "meeting"),
    "note": ("activity", "note", "note"),
    "task": ("activity", "task", "task"),
    "email": ("activity", "email", "email"),
    "communication": ("activity", "note", "communication"),
    "contact_company": ("association", "", "contact compan"),
    "deal_contact": ("association", "", "deal contact"),
    "deal_company": ("association", "", "deal compan"),
    "engagement_contact": ("link", "", "engagement contact"),
    "engagement_company": ("link", "", "engagement compan"),
    "engagement_deal": ("link", "", "engagement deal"),
    "ticket_contact": ("link", "", "ticket contact"),
    "ticket_company": ("link", "", "ticket compan"),
    "ticket_deal": ("link", "", "ticket deal"),
    "ticket_engagement": ("link", "", "ticket engagement"),
    "email_event": ("touch", "mail", "email event"),
    "email_campaign": ("campaign", "", "email campaign"),
    "campaign": ("campaign", "", "campaign"),
    "campaign_member": ("touch", "event", "campaign member"),
    "form": ("names", "form", "form"),
    "form_submission": ("touch", "form", "submission"),
    "owner": ("colleague", "", "owner"),
    "user": ("colleague", "user", "user"),
    "owner_team": ("names", "team", "owner team"),
    "team": ("names", "team", "team"),
    "team_user": ("names", "team", "team user"),
    "role": ("names", "role", "role"),
    "list": ("names", "list", "list"),
    "list_member": ("membership", "contact", "list member"),
    "contact_merge": ("merge", "", "merge"),
    "merged_deal": ("link", "", "merged deal"),
    "merged_company": ("merge", "", "merged compan"),
    "merged_ticket": ("link", "", "merged ticket"),
    "property": ("names", "property", "property"),
    "property_option": ("names", "option", "option"),
    "product": ("product", "", "product"),
    "line_item": ("line_item", "", "line item"),
}

# Outcomes of calls that every account has; the API gives them as these ids.
DISPOSITIONS = {
    "f240bbac-87c9-4f6e-bf70-924b57d47db7": "Connected",
    "73a0d17f-1163-4015-bdd5-ec830791da20": "No answer",
    "9d9162e7-6cf3-4944-bf63-4dff82258764": "Busy",
    "b2cf5968-551e-4856-9783-52b3da59a7d0": "Left voicemail",
    "a4c4c377-d246-4b32-a13b-75a56a4cd0ff": "Left live message",
    "17b47fee-58de-441e-a44c-c6300d46f273": "Wrong number",
}


@cache
def fields() -> tuple[tuple[str, str, str, str], ...]:
    """Every field: object, name in the API, label in exports, role; name or label may be empty, a role mostly is."""
    with (Path(__file__).parent / "fields.csv").open(encoding="utf-8", newline="") as file:
        return tuple((row["object"], row["name"], row["label"], row["role"]) for row in csv.DictReader(file))
