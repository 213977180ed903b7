"""What the pages take on a large log: statements, processor time and size of each, for every role.

    python -m benchmarks.pages 1000000

On a copy of a home of so many lines, into which files of 20,000 people and 20,000 deals were brought (made once and
kept), every page is asked for as in a browser. The first time fills what is kept between requests; told is the best of
the next three, for the first role that may see it the first time, too. 1 where a page takes more than 300 ms of
processor time.
"""

from __future__ import annotations

import argparse
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.homes import ROOT, fill, open_home
from benchmarks.import_ import write_deals, write_people

if TYPE_CHECKING:
    from django.test import Client

MOST_MS = 300.0
_ROWS = 20_000


def opened(lines: int) -> None:
    """Load Django on the home with people and deals by name, made first where it is not there yet."""
    folder, source = (ROOT / "build" / "bench" / f"{name}-{lines}" for name in ("pages", "lines"))
    if not (folder / "made").is_file():
        if not (source / "twostroke.db").is_file():
            raise SystemExit(f"Make the home first: python -m benchmarks.homes {lines}")
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(source, folder)
    open_home(lines, f"pages-{lines}")
    fill(lines)
    if not (folder / "made").is_file():
        _bring_in(folder)
        (folder / "made").touch()


def _bring_in(folder: Path) -> None:
    from twostroke.connectors.files.actions import Wish, run_import

    for name, write in (("people", write_people), ("deals", write_deals)):
        path = folder / f"{name}.csv"
        write(path, _ROWS)
        run_import(Wish(paths=(path,), source="crm", dated={"*": None}))


def addresses() -> list[str]:
    """The pages that are opened most, with somebody and something that is there."""
    from twostroke.identity.queries import search

    [person, *_] = [hit.id for hit in search("first7 last7") if hit.kind == "person"]
    [company, *_] = [hit.id for hit in search("company 7") if hit.kind == "company"]
    return [
        "/", "/people/", "/people/?q=first7", "/people/?q=no-one-at-all", f"/people/{person}/", "/companies/",
        f"/companies/{company}/", "/deals/", "/search/?q=last7", "/numbers/", "/numbers/pipeline/",
        "/numbers/lifecycle/", "/setup/imports/", "/setup/",
    ]  # fmt: skip


def asked(client: Client, address: str) -> tuple[int, float, int, int]:
    """Status, milliseconds of processor time, statements and bytes of one answer."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as seen:
        began = time.process_time()
        answer: Any = client.get(address)
        spent = 1000 * (time.process_time() - began)
    return answer.status_code, spent, len(seen), len(answer.content)


def main() -> int:
    """Ask for every page as every role, tell what it took."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages")
    parser.add_argument("lines", type=int, help="how many lines are there")
    options = parser.parse_args()
    opened(options.lines)

    from django.test import Client

    from twostroke.team.actions import add_user
    from twostroke.team.facts import Role
    from twostroke.team.models import User

    slow = 0
    for role in Role:
        email = f"{role.value}@bench.example"
        if not User.objects.filter(email=email).exists():
            add_user(email=email, name=role.value, role=role)
        client = Client(HTTP_HOST="localhost")
        client.force_login(User.objects.get(email=email))
        for address in addresses():
            status, first, _, _ = asked(client, address)
            if status != 200:
                continue
            _, best, statements, size = min((asked(client, address) for _ in range(3)), key=lambda one: one[1])
            slow += best > MOST_MS
            print(f"  {role.value:10} {address[:40]:40} {best:6.0f} ms (first {first:.0f}), {statements} statements, "
                  f"{size // 1024} kB")  # fmt: skip
    return 1 if slow else 0


if __name__ == "__main__":
    raise SystemExit(main())
