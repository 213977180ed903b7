"""The demo's company: which one lives in a home, what its tools have exported, and how that comes in.

A home's company is written down beside its data, so that the same one lives on (``demo_live``), and so that a first run
that was stopped half-way goes on with the same files.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from twostroke.cli.output import Failure, Progress
from twostroke.kit.home import Home

MARK = "DEMO"
ZONE, CURRENCY = "Europe/Berlin", "EUR"
SEED = 7
# What comes in, in this order: source, its files, and what whoever was there answers if a file does not tell (each
# fair had a scanner of its own). Left out are the other CRM (the same records a second time), the sellers' notes and
# calendars (the same calls and meetings again).
BROUGHT: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("hubspot", "hubspot", {}),
    ("ads", "ads", {}),
    ("hostworld", "fairs/hostworld.csv", {"date-order .": "d-m-y"}),
    ("office-facility-days", "fairs/office-facility-days.csv", {"date-order /": "m-d-y"}),
    ("salon-du-cafe", "fairs/salon-du-cafe.csv", {"date-order /": "d-m-y"}),
    ("billing", "billing", {}),
    ("support", "support", {}),
    ("catalogue", "catalogue", {}),
    ("experiments", "experiments", {}),
    ("site", "segment", {}),
)
_SENTENCE = "A simulated company lives here. Delete this folder whenever you like."


@dataclass(frozen=True, slots=True)
class Company:
    """The company of a home: ``until`` is its last day, ``ready`` whether all its files have come in.

    ``lived_until``: how far it has lived on since then, in ms since 1970 UTC; 0 where it has not.
    """

    people: int
    until: str
    seed: int = SEED
    ready: bool = False
    lived_until: int = 0


def is_demo(home: Home) -> bool:
    """Whether a demo was made in this home."""
    return (home.path / MARK).is_file()


def chosen(home: Home, *, people: int, until: str) -> Company:
    """The company that lives in ``home``, or a new one, written down there. Raises ``Failure`` for a wrong wish."""
    if is_demo(home):
        return written(home)
    if people < 1:
        raise Failure(f"a company's market has at least one person, not {people}.", 2)
    if until == "now":
        # The world takes the last working day not after this one; its day ends where it begins, at 08:00.
        until = (datetime.now(ZoneInfo(ZONE)) - timedelta(hours=8)).date().isoformat()
    try:
        date.fromisoformat(until)
    except ValueError as error:
        raise Failure(f"a last day is now or a date such as 2026-03-02, not {until!r}.", 2) from error
    company = Company(people=people, until=until)
    home.path.mkdir(parents=True, exist_ok=True)
    write(home, company)
    return company


def written(home: Home) -> Company:
    """The company that lives in ``home``."""
    try:
        said = json.loads((home.path / MARK).read_text("utf-8"))
        return Company(**said["company"])
    except (ValueError, TypeError, KeyError) as error:
        raise Failure(f"the demo in {home.path} was made by another version. Delete that folder.") from error


def write(home: Home, company: Company) -> None:
    """Write down which company lives in ``home`` and how far it is."""
    draft = home.path / f"{MARK}.draft"
    draft.write_text(json.dumps({"what": _SENTENCE, "company": asdict(company)}, indent=2) + "\n", "utf-8")
    draft.rename(home.path / MARK)


@contextmanager
def files(home: Home, company: Company, *, beyond: int = 0) -> Iterator[Path]:
    """The public files of the company for the block, ``beyond`` days further than its last day."""
    from worlds import api, profiles

    plan = profiles.load("coffee")
    folder = home.scratch / "company"
    shutil.rmtree(folder, ignore_errors=True)
    progress = Progress(f"Living 18 months of {plan.firm.name}, week by week")
    try:
        api.make(
            seed=company.seed, people=company.people, until=company.until, beyond=beyond, out=folder, progress=progress,
            profile=replace(plan, firm=replace(plan.firm, crm=["hubspot"])), truth=False,
        )  # fmt: skip
        progress.end()
        yield folder / "public"
    except ValueError as error:
        progress.end()
        raise Failure(str(error), 2) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def bring_in(home: Home, company: Company) -> None:
    """Import what the company's tools have exported, once."""
    from twostroke.connectors.files.actions import Wish, run_import

    if company.ready:
        return
    with files(home, company) as public:
        for source, path, answers in BROUGHT:
            if not (public / path).exists():  # a small company may have met nobody at a fair
                continue
            progress = Progress(f"Bringing in {source}")
            run_import(Wish(paths=(public / path,), source=source, answers=answers), progress=progress)
            progress.end()
    write(home, replace(company, ready=True))


def lend_a_seller(email: str) -> None:
    """Let the seller of the cast be the one of the files who has most on the table."""
    from twostroke.metrics.queries import compute
    from twostroke.team.actions import claim_colleague
    from twostroke.team.queries import members

    seller = next(member for member in members() if member.email == email)
    mine = [row for row in compute("pipeline", by=["owner"]).rows if row.key["status"] == "open" and row.key["owner"]]
    counts: dict[str, int] = {}
    for row in mine:
        counts[str(row.key["owner"])] = counts.get(str(row.key["owner"]), 0) + int(row.measures["count"])
    if counts:
        claim_colleague(member=seller, colleague=max(sorted(counts), key=counts.__getitem__))
