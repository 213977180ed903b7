"""Fields of the records beside the main ones: histories, links, tickets, bills, prices, and tables that only name.

Tables of the records in ``LOOKED_UP`` bring no lines: the other files of the same source are read with their help.
"""

from __future__ import annotations

# Tables that are read but tell nothing of their own.
LOOKED_UP = ("names", "stage", "campaign", "link", "detail")

_DELETED = "is deleted, isdeleted, deleted, archived"

FURTHER: dict[str, dict[str, str]] = {
    "history": {
        "key": "history id",
        "person": "contact id, lead id, person id",
        "company": "company id, account id",
        "deal": "deal id, opportunity id, deal name, opportunity name",
        "ticket": "ticket id, case id",
        "field": "property name, field name, changed field, field, property",
        "value": "new value, value, newvalue",
        "old_value": "old value, oldvalue, previous value",
        "at": "changed at, change date, edit date, timestamp, createddate",
        "owner": "changed by, edited by, createdbyid",
        "deleted": "is deleted, isdeleted",
    },
    "association": {
        "key": "association id, contact role id",
        "person": "contact id, contactid, lead id, person id, email, contact name, full name",
        "company": "company id, account id",
        "deal": "deal id, opportunity id, opportunityid, deal name, opportunity name",
        "label": "association label, role, contact role",
        "primary": "is primary, isprimary, primary",
        "at": "associated at, created date, createddate",
        "deleted": _DELETED,
    },
    "merge": {
        "person": "canonical vid, contact id, kept contact id",
        "company": "company id, kept company id",
        "merged": "vid to merge, merged id, merged contact id, merged company id",
        "at": "merged at, timestamp",
        "deleted": _DELETED,
    },
    "membership": {
        "person": "contact id, lead id, person id",
        "list": "list id, contact list id, list name, list",
        "at": "added at, member since",
        "deleted": _DELETED,
    },
    "ticket": {
        "key": "ticket id, case id, ticket number, case number, ticket no",
        "subject": "ticket name, subject, case subject, betreff",
        "body": "ticket description, message, description, content, nachricht",
        "status": "status, ticket status, case status",
        "stage": "ticket stage, hs_pipeline_stage",
        "pipeline": "ticket pipeline, hs_pipeline",
        "category": "category, ticket category, case type, kategorie",
        "priority": "priority, ticket priority, prioritaet",
        "channel": "channel, source, case origin, origin, kanal",
        "created_at": "created at, create date, created date, opened at, opened date, erstellt am",
        "closed_at": "closed at, closed date, close date, solved at, resolved at",
        "answered_at": "first reply at, first agent email response date, first response at, answered at",
        "owner": "ticket owner, case owner, assignee, owner, agent",
        "person": "contact id, requester id, associated contact ids",
        "email": "requester email, contact email, customer email, email",
        "name": "requester, requester name, customer name",
        "company": "company id, account id, company, associated company ids",
        "is_closed": "is closed, closed",
        "merged_into": "master record id, merged into",
        "merged_ids": "merged ticket ids",
        "deleted": _DELETED,
    },
    "price": {
        "key": "price book entry id, price id",
        "product": "product id, sku, product code, product2id, article number, artikelnummer, item number",
        "name": "product name, product, name, item, bezeichnung",
        "code": "product sku, item code",
        "price": "unit price, list price, price, preis, listenpreis, unitprice",
        "currency": "currency, currency code, currencyisocode, waehrung",
        "at": "valid from, gueltig ab, effective from, effective date, from, start date",
        "until_at": "valid to, valid until, gueltig bis, effective to, to, end date",
        "list": "price book, price book name, price list, pricebook2id, preisliste",
        "family": "kind, family, category, series, product family",
        "active": "active, is active",
        "deleted": _DELETED,
    },
    "line_item": {
        "key": "line item id, position id",
        "deal": "deal id, opportunity id, opportunityid, deal name, opportunity name",
        "product": "product id, product2id, sku",
        "name": "product name, line item name, name",
        "quantity": "quantity, qty, menge",
        "price": "unit price, sales price, unitprice",
        "amount": "total price, net price, totalprice, line total",
        "currency": "currency, currency code, currencyisocode",
        "at": "create date, created date, createddate",
        "deleted": _DELETED,
    },
    "invoice": {
        "key": "invoice number, invoice no, invoice id, rechnungsnummer, bill number",
        "at": "invoice date, issued at, issue date, rechnungsdatum, date of invoice, bill date",
        "due_at": "due date, due on, payable by, faellig am, due",
        "amount": "net amount, amount, total, invoice total, betrag, nettobetrag, amount due",
        "tax": "tax, vat, tax amount, vat amount, mwst",
        "currency": "currency, currency code, waehrung",
        "person": "contact id, customer email, email",
        "company": "customer number, customer id, account id, company id, company, kundennummer",
        "name": "customer name, customer, bill to, billed to, kunde",
        "order": "order number, order id, order no, bestellnummer",
        "deal": "deal id, opportunity id",
        "status": "status, invoice status",
        "deleted": "cancelled, canceled, void",
    },
    "payment": {
        "key": "payment number, payment id, payment no, zahlungsnummer, transaction id, receipt number",
        "at": "value date, payment date, paid at, paid on, valuta, wertstellung, zahlungsdatum, booking date",
        "amount": "amount, amount paid, payment amount, betrag",
        "currency": "currency, currency code, waehrung",
        "method": "method, payment method, paid by, zahlungsart",
        "invoice": "invoice number, invoice id, invoice no, invoice, rechnungsnummer",
        "order": "order number, order id",
        "person": "customer email, email, contact id",
        "company": "customer number, customer id, company id, account id",
        "name": "payer, payer name, customer, zahler, paid from",
        "status": "status, payment status",
        "deleted": "cancelled, canceled",
    },
    "card": {
        "key": "scan no, scan number, scan id, badge id, card no, badge number",
        "at": "scanned at, scan time, scan date, scanned on, taken at, collected at, captured at, gescannt am",
        "email": "e mail, email, email address, mail, work email",
        "phone": "phone, phone number, mobile, telefon, tel",
        "first_name": "first name, firstname, vorname, prenom",
        "last_name": "last name, lastname, surname, nachname, nom",
        "name": "name, full name, visitor, attendee, contact",
        "company_name": "company, company name, firm, firma, organization, organisation, societe",
        "job_title": "job title, title, position, funktion",
        "country": "country, land, pays",
        "note": "note, notes, remark, remarks, comment, comments, bemerkung, notiz",
        "warmth": "warmth, rating, lead rating, temperature, interest",
        "owner": "scanned by, taken by, collected by, captured by, booth staff, gescannt von",
        "event": "event, fair, trade show, event name, show, messe",
        "deleted": _DELETED,
    },
    "note": {
        "key": "note id",
        "at": "date",
        "person": "person",
        "company": "company",
        "type": "type",
        "owner": "author",
        "title": "title",
        "body": "note",
        "deleted": _DELETED,
    },
    "meeting": {
        "key": "event id",
        "title": "summary",
        "at": "start",
        "ended_at": "end",
        "status": "status",
        "owner": "organizer",
        "person": "attendees",
        "place": "location",
        "notes": "description",
        "told_at": "as of",
    },
    "message": {},
    "launch": {
        "key": "launch, launch id, launch no, release",
        "at": "date, launch date, launched on, launched at, day, release date, datum, start date",
        "name": "what, launch name, name, campaign, product, title, was",
        "description": "in a sentence, sentence, message, claim, description, slogan",
        "channel": "channel, kanal",
        "deleted": _DELETED,
    },
    "assignment": {
        "key": "assignment id",
        "person": (
            "email, e mail, email address, contact email, customer email, mail, contact id, lead id, person id, "
            "contact, user id, customer id, member id, subscriber id, recipient, e mail adresse"
        ),
        "company": "company id, account id, company, account, account name, company name, firma",
        "region": "region, sales region, market, geo, dma, territory, country, state, country region, gebiet, land",
        "sector": "sector, industry, segment, branche",
        "experiment": "experiment, experiment name, experiment id, test, test name, trial, study",
        "arm": (
            "arm, variant, variation, treatment, test group, experiment group, experiment arm, test cell, ab group, "
            "ab variant, bucket, cell, group, gruppe, variante, testgruppe"
        ),
        "arm2": "arm 2, second factor",
        "arm3": "arm 3, third factor",
        "held_out": (
            "holdout, hold out, held out, is holdout, in holdout, holdout group, control, control group, is control, "
            "in control group, kontrollgruppe, held back"
        ),
        "at": (
            "from, start, start date, started at, starts, assigned at, assigned on, assignment date, since, begin, "
            "date, von, beginn"
        ),
        "until_at": "to, until, end, end date, ended at, ends, bis, ende",
        "deleted": _DELETED,
    },
    "rate": {
        "at": "date, day, datum, rate date, start date, valid from, time period, as of",
        "of": "from currency, base currency, base, source currency, from, of",
        "into": "to currency, quote currency, target currency, iso code, isocode, currency code, currency, to, into",
        "rate": "rate, exchange rate, conversion rate, conversionrate, kurs, wechselkurs, obs value, fx rate",
    },
    "campaign": {
        "key": "campaign id, campaignid",
        "name": "campaign name, campaign, email name",
        "subject": "email subject",
        "type": "campaign type",
        "starts_at": "start date, starts on",
        "ends_at": "end date, ends on",
        "amount": "spend items total, actual cost, actualcost, total spend",
        "budget": "budget items total, budgeted cost, budgetedcost, total budget",
        "currency": "currency, currencyisocode",
        "deleted": _DELETED,
    },
    "stage": {
        "key": "stage id, master label",
        "name": "stage label, stage name, label",
        "pipeline": "pipeline id, pipeline",
        "is_won": "closed won, is won, iswon",
        "is_closed": "is closed, isclosed",
        "probability": "probability, default probability",
        "order": "display order, sort order, sortorder",
        "state": "ticket state",
        "deleted": _DELETED,
    },
    "names": {
        "key": "id, guid",
        "name": "name, label",
        "order": "display order",
        "field": "property id",
        "owner": "owner id, user id",
        "team": "team id",
        "deleted": _DELETED,
    },
    "link": {
        "person": "contact id",
        "company": "company id",
        "deal": "deal id",
        "ticket": "ticket id",
        "activity": "engagement id",
        "merged": "merged deal id, merged ticket id",
        "label": "association label",
        "deleted": _DELETED,
    },
    "detail": {"key": "event id, engagement id", "type": "event type, engagement type"},
}

# Weights as in ``fields.TELLING``. Records without an entry are read only as exports of a known tool.
FURTHER_TELLING: dict[str, dict[str, float]] = {
    "ticket": {"key": 3, "subject": 1, "body": 2, "priority": 3, "closed_at": 1.5, "answered_at": 3, "email": 1},
    "price": {"at": 4, "until_at": 4, "price": 3, "product": 2},
    "invoice": {"key": 4, "due_at": 4, "at": 3, "order": 2, "tax": 1},
    "payment": {"key": 3, "invoice": 4, "at": 3, "method": 3},
    "card": {"at": 4, "key": 3, "owner": 3, "note": 2, "last_name": 1, "email": 1},
    "campaign": {"key": 2, "name": 2, "starts_at": 2, "ends_at": 2, "amount": 2, "budget": 3},
}
FURTHER_TELLING["launch"] = {"key": 4, "description": 2, "at": 1, "name": 1}
FURTHER_TELLING["rate"] = {"rate": 4, "of": 3, "into": 2, "at": 1}
FURTHER_TELLING["assignment"] = {"arm": 5, "held_out": 5, "arm2": 2, "experiment": 2, "person": 1, "region": 1}
FURTHER_TELLING |= {record: {} for record in FURTHER if record not in FURTHER_TELLING}

FURTHER_WORDS: dict[str, tuple[str, ...]] = dict.fromkeys(FURTHER, ()) | {
    "ticket": ("ticket", "case", "support", "message"),
    "price": ("price", "preis"),
    "invoice": ("invoice", "rechnung", "bill"),
    "payment": ("payment", "zahlung"),
    "card": ("fair", "messe", "scan", "badge", "expo", "booth"),
    "campaign": ("campaign",),
    "launch": ("launch",),
    "assignment": ("experiment", "holdout", "held out", "split test", "ab test", "2x2"),
}

FURTHER_NEEDED: dict[str, tuple[tuple[str, ...], ...]] = {
    "history": (("person", "company", "deal", "ticket"), ("field",), ("value",), ("at",)),
    "association": (("person", "company"), ("company", "deal")),
    "merge": (("person", "company"), ("merged",)),
    "membership": (("person",), ("list",)),
    "ticket": (("key",), ("subject", "body", "status", "stage"), ("created_at",)),
    "price": (("product", "name"), ("price",), ("at", "list")),
    "line_item": (("deal",), ("product", "name")),
    "invoice": (("key",), ("at",), ("amount",)),
    "payment": (("at",), ("amount",), ("invoice", "method")),
    "card": (("at",), ("email", "last_name", "name"), ("key", "owner", "note")),
    "campaign": (("key",), ("name", "subject")),
    "stage": (("key",), ("name", "is_won", "is_closed")),
    "names": (("key", "team"),),
    "link": (("ticket", "activity", "merged"),),
    "note": (("at",),),
    "meeting": (("at",),),
    "message": (("message",),),
    "rate": (("at",), ("rate",), ("into", "of")),
    "launch": (("key",), ("at",), ("name",)),
    "assignment": (("arm", "held_out"), ("person", "company", "region", "sector")),
}
# Read only where the headers are those of a known tool: their own words say too little.
KNOWN_TOOLS_ONLY = ("history", "association", "merge", "membership", "line_item", "stage", "names", "link", "detail")
