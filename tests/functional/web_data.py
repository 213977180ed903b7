"""A small firm's files, brought in the way the worker does it, for tests of the screens."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from twostroke.intake.facts import ImportReport

COMPANIES = """Company ID,Company name,Company Domain Name,Industry,Number of Employees
c1,Nordwind AG,nordwind.example,Logistics,120
c2,Sund & Co,sund.example,Hotels,48
"""
CONTACTS = """Contact ID,Email,First Name,Last Name,Job Title,Associated Company ID,Lifecycle Stage,Original Source,\
Create Date
p1,anna.berg@nordwind.example,Anna,Berg,Office manager,c1,Customer,Organic Search,2026-03-14
p2,bo.lind@nordwind.example,Bo,Lind,Buyer,c1,Lead,Paid Search,2026-05-20
p3,dora.malm@sund.example,Dora,Malm,Facility lead,c2,Lead,Organic Search,2026-06-25
"""
DEALS = """Deal ID,Deal Name,Deal Stage,Amount,Currency,Create Date,Close Date,Deal owner,Associated Company ID
d1,Machines for the north,Closed Won,18400.50,EUR,2026-02-15,2026-04-20,Sofia Hall,c1
d2,Beans by subscription,Proposal sent,9000,EUR,2026-06-13,,Sofia Hall,c1
d3,Hotel bar,Closed Lost,5000,EUR,2026-01-21,2026-03-28,Nils Ek,c2
d4,Spare parts,Proposal sent,600,EUR,2026-07-14,,Nils Ek,c2
"""


def write_files(folder: Path) -> list[Path]:
    """The three files in ``folder``, for reading or for sending."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {"companies.csv": COMPANIES, "contacts.csv": CONTACTS, "deals.csv": DEALS}
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")
    return [folder / name for name in texts]


def bring_in(folder: Path) -> ImportReport:
    """All three files on the log, as source ``crm``."""
    from twostroke.connectors.files.actions import Wish, run_import  # the browser's tests load no Django here

    return run_import(Wish(paths=tuple(write_files(folder)), source="crm"))
