"""Try it with a sample company, a maker of coffee machines, in a home of its own that never touches your data.

The first run makes the home, brings in the sample as anybody would bring in files, and starts everything. Another run
destroys nothing: it starts what is there.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import re
from importlib import resources
from pathlib import Path

from twostroke.cli.output import Failure, Progress
from twostroke.kit.home import Home

MARK = "DEMO"
# The day after the sample's last: nothing in it lies ahead of the clock.
ANCHOR = dt.date(2026, 1, 31)
CAST = (
    ("ada@demo.example", "Ada Admin", "admin"),
    ("sam@demo.example", "Sam Seller", "sales"),
    ("mara@demo.example", "Mara Marketer", "marketing"),
    ("lea@demo.example", "Lea Leader", "leader"),
)
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=8000, help="where the web is served (default 8000)")
    parser.add_argument("--no-up", action="store_true", help="bring the sample in, print the link, start nothing")


def run(options: argparse.Namespace) -> int:
    from twostroke.cli.accounts import accounting_line
    from twostroke.cli.init import prepare
    from twostroke.cli.link import sign_in_path

    home = _home(options)
    fresh = not home.exists()
    if not fresh and not (home.path / MARK).is_file():
        raise Failure(f"{home.path} is somebody's own home, not a demo. Choose another with --home DIR.")
    home.path.mkdir(parents=True, exist_ok=True)
    (home.path / MARK).write_text("A sample company lives here. Delete this folder whenever you like.\n", "utf-8")
    prepare(zone="Europe/Vienna", currency="EUR")
    _bring_in(home)
    _cast()
    print(accounting_line())
    link = f"http://localhost:{options.port}{sign_in_path(CAST[0][0])}"
    print(f"Sign in once, within 24 hours, as {CAST[0][1]}: {link}")
    if options.no_up:
        return 0
    from twostroke.cli import up

    return up.serve(host="127.0.0.1", port=options.port)


def _home(options: argparse.Namespace) -> Home:
    if not options.home and not os.environ.get("TWOSTROKE_HOME"):
        os.environ["TWOSTROKE_HOME"] = str(Home.chosen().path.parent / "twostroke-demo")
    return Home.chosen()


def _bring_in(home: Home) -> None:
    """Write the sample's files, dated so that its last day is today, and import them once."""
    from twostroke.connectors.files.actions import Wish, run_import
    from twostroke.intake.queries import imports

    if any(one.source == "sample" and one.state in ("done", "undone") for one in imports()):
        return
    folder = home.uploads / "sample"
    if not folder.is_dir():
        write_files(folder, today=dt.datetime.now(tz=dt.UTC).date())
    progress = Progress("Bringing in the sample company")
    run_import(Wish(paths=(folder,), source="sample"), progress=progress)
    progress.end()


def write_files(folder: Path, *, today: dt.date) -> None:
    """The sample's files in ``folder``, every date in them moved so that the company's last day is ``today``."""
    shift = today - ANCHOR
    draft = folder.with_suffix(".draft")
    draft.mkdir(parents=True, exist_ok=True)
    for file in sorted((resources.files("twostroke.cli") / "sample").iterdir(), key=lambda one: one.name):
        if file.name.endswith(".csv"):
            text = file.read_text(encoding="utf-8")
            moved = _DAY.sub(lambda found: (dt.date.fromisoformat(found.group()) + shift).isoformat(), text)
            (draft / file.name).write_text(moved, encoding="utf-8", newline="")
    draft.rename(folder)


def _cast() -> None:
    from twostroke.team.actions import add_user
    from twostroke.team.facts import Role
    from twostroke.team.queries import members

    there = {member.email for member in members()}
    for email, name, role in CAST:
        if email not in there:
            add_user(email=email, name=name, role=Role(role))
