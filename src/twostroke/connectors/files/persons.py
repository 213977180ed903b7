"""Persons, companies and colleagues as lines: what a source claims and says of them, and where they stand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from twostroke.connectors.files.cells import Cells, Row, bare_key, is_illegal_cached, object_type
from twostroke.connectors.files.columns import is_hash
from twostroke.connectors.files.custom import NAME as CUSTOM
from twostroke.connectors.files.custom import custom_of
from twostroke.connectors.files.dates import Instant
from twostroke.connectors.files.parties import described, named_parties
from twostroke.connectors.files.pointers import absorbed, deletion
from twostroke.connectors.files.vocabulary import squeezed
from twostroke.identity.facts import DOMAIN, EMAIL, PHONE, company_domain, normal_email, normal_phone, record_namespace
from twostroke.kit.text import slug
from twostroke.ledger.facts import Draft, Precision, Team

Builder = Callable[[Row, str], list[Draft]]
_UNKNOWN: tuple[None, Precision] = (None, Precision.UNKNOWN)
_TOLD = "told by the source"
HASHED = "an address hashed before the file was written cannot be mailed; the record came in without it"
_PERSONAL = (
    "name",
    "first_name",
    "last_name",
    "street",
    "city",
    "occupation",
    "age",
    "gender",
    "marital_status",
    "education",
)
_PERSONAL_NAMES = {"street": "address", "job_title": "title"}
LIFECYCLE = {
    "subscriber": "subscriber", "lead": "lead", "marketingqualifiedlead": "mql", "mql": "mql",
    "salesacceptedlead": "sal", "sal": "sal", "salesqualifiedlead": "sql", "sql": "sql", "opportunity": "opportunity",
    "customer": "customer", "client": "customer", "kunde": "customer", "evangelist": "evangelist", "other": "other",
}  # fmt: skip
_DATED_STAGES = ("lead", "mql", "sql", "opportunity")


def _personal(cells: Cells, roles: tuple[str, ...]) -> Callable[[Row], dict[str, Any]]:
    readers = [(_PERSONAL_NAMES.get(role, role), cells.text(role)) for role in roles if cells.has(role)]

    def personal(row: Row) -> dict[str, Any]:
        return {name: cell for name, read in readers if (cell := read(row))}

    return personal


def persons(cells: Cells) -> Builder:
    """A lead or contact: the identifiers it claims, what is said of it, its stages, its refusals, its owner."""
    claims = _claims(cells)
    told_of, personal_of = _traits(cells)
    stages, refusals = _stages(cells), _refusals(cells)
    created, owner = cells.instant("created_at"), cells.reference("owner", "colleague")
    company = company_of(cells)
    channel, tracked = cells.channel("source")
    campaign = cells.text("campaign")
    left, parties, merged = deletion(cells), named_parties(cells), absorbed(cells, "person")
    custom = custom_of(cells)
    rest = cells.rest()

    def build(row: Row, key: str) -> list[Draft]:
        if lines := left(row, key):
            return lines + merged(row, key)
        ids = claims(row, key)
        subject, seller = ids[0], owner(row)
        start = created(row) or _UNKNOWN
        with_, extra = company(row)
        told, personal = told_of(row), personal_of(row)
        if source := tracked(row):
            told["first_source"] = source
        typed, untyped = custom(row)
        if typed:
            told[CUSTOM] = typed
        personal.update({**rest(row), **untyped})
        way, ad = channel(row), campaign(row) or None
        claim = {"ids": ids, "verified": True}
        drafts = [
            Draft("identity.claimed", "person", subject, start[0], start[1], subject, with_, seller, properties=claim),
            Draft("person.described", "person", subject, start[0], start[1], subject, with_, seller, way, ad,
                  properties=told, personal=personal),
        ]  # fmt: skip
        for stage, words, when in stages(row, start):
            told_stage = {"stage": stage, "name": words, "basis": _TOLD}
            drafts.append(Draft("stage.reached", "person", subject, when[0], when[1], subject, with_, seller, way, ad,
                                properties=told_stage))  # fmt: skip
        for purpose, when in refusals(row):
            drafts.append(Draft("consent.withdrawn", "person", subject, when[0], when[1], subject,
                                properties={"purpose": purpose, "how": "import"}))  # fmt: skip
        if seller is not None:
            drafts.append(Draft("owner.assigned", "person", subject, start[0], start[1], subject, with_, seller))
        drafts += extra + merged(row, key)
        return parties(row, drafts)

    return build


def _claims(cells: Cells) -> Callable[[Row, str], list[str]]:
    """The opaque ids a row claims, the leading one first: record ids, e-mail, phone."""
    email, phone = cells.first_filled("email", "email2"), cells.first_filled("phone", "phone2")
    second = cells.text("key2")
    kind, minter, region, tally = object_type(cells.table), cells.minter, cells.settings.region, cells.tally
    own = record_namespace(cells.source, kind)
    column = cells.table.by_role("key2")
    other = record_namespace(cells.source, f"{kind}.{slug(column.header)}") if column else ""
    mint = minter.mint
    converted = cells.text("contact_id")

    def claims(row: Row, key: str) -> list[str]:
        ids = [mint(own, key)]
        number = second(row)
        if number and not is_illegal_cached(number):
            ids.append(mint(other, number))
        # A lead that became a contact is one person with it.
        if became := converted(row):
            ids.append(minter.record(cells.source, "contact", bare_key(became)))
        address = email(row)
        if address:
            normal = normal_email(address)
            if normal is None and is_hash(address):
                tally.add(HASHED, address[:12] + "…")
            elif normal is None:
                tally.add("an address that cannot be mailed; the person came in without it", address[:60])
            else:
                ids.append(mint(EMAIL, normal, address))
        called = phone(row)
        # Lead forms of advertising platforms mark a phone number as one (“p:+49 …”).
        if called and (dialled := normal_phone(called.removeprefix("p:"), region)) is not None:
            ids.append(mint(PHONE, dialled, called))
        return ids

    return claims


def _traits(cells: Cells) -> tuple[Callable[[Row], dict[str, Any]], Callable[[Row], dict[str, Any]]]:
    """Readers of the declared properties and of the personal fields of a person."""
    texts = [
        (name, cells.text(role))
        for role, name in (("country", "country"), ("language", "language"), ("heard_of_us_by", "heard_of_us_by"),
                           ("source_detail", "origin"))
        if cells.has(role)
    ]  # fmt: skip
    visits, pages = cells.number("visits"), cells.number("pages_per_visit")
    personal = _personal(cells, (*_PERSONAL, "job_title"))
    reached = [(role, cells.first_filled(role, f"{role}2")) for role in ("email", "phone")]

    def told(row: Row) -> dict[str, Any]:
        found: dict[str, Any] = {name: cell for name, read in texts if (cell := read(row))}
        if count := visits(row):
            found["visits"] = int(float(count))
        if share := pages(row):
            found["pages_per_visit"] = share
        return found

    def shown(row: Row) -> dict[str, Any]:
        said = personal(row) | {role: cell for role, read in reached if (cell := read(row))}
        if is_hash(said.get("email", "")):
            del said["email"]
        return said

    return told, shown


def company_of(cells: Cells) -> Callable[[Row], tuple[str | None, list[Draft]]]:
    """The company a person belongs to, and the line that names it where only this file does.

    By its key in the source; by name only within the source, in a namespace that joins nothing else.
    """
    by_key, by_name = cells.reference("company_key", "company"), cells.text("company_name")
    column, keys = cells.table.by_role("company_name"), cells.table.by_role("company_key")
    unnamed = keys is not None and not keys.to
    joined = cells.reference("company_name", "company", unknown=False) if column and column.to else None
    minter, namespace = cells.minter, f"name:{cells.source}:company"

    def company(row: Row) -> tuple[str | None, list[Draft]]:
        found = by_key(row)
        name = by_name(row)
        if found is not None and unnamed and name and ";" not in name:
            return found, [described("company.described", "company", found, name)]
        if found is not None or not name:
            return found, []
        if joined is not None and (listed := joined(row)) is not None:
            return listed, []
        made = minter.mint(namespace, " ".join(name.split()).casefold(), name)
        return made, [described("company.described", "company", made, name)]

    return company


Reached = tuple[str, str, tuple[int | None, Precision] | Instant]


def _stages(cells: Cells) -> Callable[[Row, tuple[int | None, Precision] | Instant], list[Reached]]:
    """Which stages of the lifecycle the source says were reached, and when."""
    lifecycle, converted = cells.text("lifecycle_stage"), cells.flag("converted")
    converted_at = cells.instant("converted_at")
    dated = [(stage, cells.instant(f"became_{stage}_at")) for stage in _DATED_STAGES if cells.has(f"became_{stage}_at")]
    became, deal = cells.flag("lead_converted"), cells.text("opportunity_id")
    of_leads = cells.table.object == "lead" or cells.has("lead_converted")
    bought, flagged = not cells.has("converted") and not of_leads, cells.has("lead_converted")
    column = cells.table.by_role("converted")
    words = column.header if column else "customer"

    def stages(row: Row, start: tuple[int | None, Precision] | Instant) -> list[Reached]:
        times: dict[str, tuple[int | None, Precision] | Instant] = {
            stage: when for stage, read in dated if (when := read(row)) is not None
        }
        reached: list[Reached] = [("lead", "lead", times.pop("lead", start))]
        said = lifecycle(row)
        now = LIFECYCLE.get(squeezed(said), "other") if said else ""
        reached += [(stage, stage, when) for stage, when in times.items()]
        end = converted_at(row)
        if of_leads and (became(row) or (end is not None and not flagged)):
            # Taken up by sales, not bought: that is what conversion of a lead means where leads become contacts.
            reached.append(("opportunity" if deal(row) else "sql", "converted", end or _UNKNOWN))
        if converted(row) or (end is not None and bought) or now == "customer":
            reached.append(("customer", said or words, end or _UNKNOWN))
        elif now and now not in ("lead", *times):
            reached.append((now, said, _UNKNOWN))
        return reached

    return stages


Refused = tuple[str, tuple[int | None, Precision] | Instant]


def _refusals(cells: Cells) -> Callable[[Row], list[Refused]]:
    """What a person has forbidden, and when. That something is not forbidden is no consent."""
    no_mail, no_call, gone = cells.flag("do_not_email"), cells.flag("do_not_call"), cells.instant("unsubscribed_at")

    def refusals(row: Row) -> list[Refused]:
        left = gone(row)
        found: list[Refused] = [("marketing mail", left or _UNKNOWN)] if left is not None or no_mail(row) else []
        return [*found, ("calls", _UNKNOWN)] if no_call(row) else found

    return refusals


def companies(cells: Cells) -> Builder:
    """A company: what it is, its parent, its domain as identifier, its owner."""
    name, owner = cells.text("name"), cells.reference("owner", "colleague")
    told_of, created, left = _firm_traits(cells), cells.instant("created_at"), deletion(cells)
    merged = absorbed(cells, "company")
    domain, personal_of = cells.text("domain"), _personal(cells, ("street", "city", "phone", "description"))
    custom = custom_of(cells)
    rest, minter, source, tally = cells.rest(), cells.minter, cells.source, cells.tally

    def build(row: Row, key: str) -> list[Draft]:
        if lines := left(row, key):
            return lines + merged(row, key)
        subject, seller, site = minter.record(source, "company", key), owner(row), domain(row)
        told, (typed, untyped) = told_of(row), custom(row)
        if typed:
            told[CUSTOM] = typed
        personal = {
            "name": name(row) or key, **personal_of(row), **({"website": site} if site else {}), **rest(row), **untyped,
        }  # fmt: skip
        start = created(row) or _UNKNOWN
        drafts = [Draft("company.described", "company", subject, start[0], start[1], company=subject, actor=seller,
                        properties=told, personal=personal)]  # fmt: skip
        if site:
            registered = company_domain(site)
            if registered is None:
                tally.add("a web address that names no company; kept as text", site[:60])
            else:
                ids = [subject, minter.mint(DOMAIN, registered, site)]
                drafts.append(Draft("identity.claimed", "company", subject, company=subject,
                                    properties={"ids": ids, "verified": True}))  # fmt: skip
        if seller is not None:
            drafts.append(
                Draft("owner.assigned", "company", subject, start[0], start[1], company=subject, actor=seller)
            )
        return drafts + merged(row, key)

    return build


def _firm_traits(cells: Cells) -> Callable[[Row], dict[str, Any]]:
    """Readers of the declared properties of a company."""
    texts = [
        ("sector", cells.text("industry")), ("country", cells.text("country")), ("region", cells.text("state"))
    ]  # fmt: skip
    parent, revenue = cells.reference("parent", "company"), cells.number("revenue")
    numbers = [(name, cells.number(name)) for name in ("employees", "founded")]

    def told(row: Row) -> dict[str, Any]:
        found: dict[str, Any] = {name: cell for name, read in texts if (cell := read(row))}
        found |= {name: whole for name, read in numbers if (whole := _whole_number(read(row))) is not None}
        if over := parent(row):
            found["parent"] = over
        if value := revenue(row):
            # Revenue of a company is a figure in the unit of its file (often millions), never a sum of ours.
            found["revenue"] = value
        return found

    return told


def _whole_number(text: str) -> int | None:
    """A count, or None where the text is none (“50-100”)."""
    head, _, tail = text.partition(".")
    return int(head) if head.lstrip("-").isdigit() and not tail.strip("0") and len(head) < 16 else None


def colleagues(cells: Cells) -> Builder:
    """A seller of the source: name, team, territory, manager. A manager no row describes is a colleague as well."""
    name, first, last, email = (cells.text(role) for role in ("name", "first_name", "last_name", "email"))
    team, territory, active = cells.text("team"), cells.text("territory"), cells.flag("active")
    manager, boss = cells.reference("manager", "colleague"), cells.text("manager")
    column = cells.table.by_role("manager")
    unnamed_boss = column is not None and not column.to
    user, object_kind = cells.text("user"), "user" if cells.table.object == "user" else "colleague"
    rest, minter, source, tally = cells.rest(), cells.minter, cells.source, cells.tally

    def build(row: Row, key: str) -> list[Draft]:
        subject, head = minter.record(source, object_kind, key), manager(row)
        told: dict[str, Any] = {"team": slug(team(row)) or Team.SALES.value}
        for field, cell in (("territory", territory(row)), ("manager", head), ("active", active(row))):
            if cell is not None and cell != "":
                told[field] = cell
        whole = name(row) or " ".join(part for part in (first(row), last(row)) if part) or key
        address = email(row)
        masked = is_hash(address)
        personal = {"name": whole, **({"email": address} if address and not masked else {}), **rest(row)}
        drafts = [Draft("colleague.described", "colleague", subject, actor=subject, properties=told, personal=personal)]
        normal = normal_email(address) if address else None
        ids = [subject]
        if number := user(row):
            # The same colleague as owner of records and as user of the tool: two numbers of one.
            ids.append(minter.record(source, "user", bare_key(number)))
        if normal is not None:
            ids.append(minter.mint(EMAIL, normal, address))
        if len(ids) > 1:
            drafts.append(Draft("identity.claimed", "colleague", subject, actor=subject,
                                properties={"ids": ids, "verified": True}))  # fmt: skip
        if masked:
            tally.add(HASHED, address[:12] + "…")
        elif address and normal is None:
            tally.add("an address that cannot be mailed; the colleague came in without it", address[:60])
        if head is not None and unnamed_boss:
            drafts.append(described("colleague.described", "colleague", head, boss(row)))
        return drafts

    return build
