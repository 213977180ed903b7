"""Try it with a simulated company, a maker of coffee machines, in a home of its own that never touches your data.

The first run makes the home, lives eighteen months of the company until 08:00 of the latest working day, brings in the
files its tools would have exported, as anybody would, and starts everything. Another run destroys nothing: it starts
what is there. With --live the company lives on while you look, faster than life: its next lines come in as news.
"""

from __future__ import annotations

import argparse
import os
import sys

from twostroke.cli.output import Failure
from twostroke.kit.home import Home

CAST = (
    ("lea@demo.example", "Lea Leader", "leader"),
    ("sam@demo.example", "Sam Seller", "sales"),
    ("mara@demo.example", "Mara Marketer", "marketing"),
    ("ada@demo.example", "Ada Admin", "admin"),
)
# Who is signed in by the printed link: the first minute begins at the leader's home.
FIRST = CAST[0][0]
# About 100,000 messages, with every planted story large enough to be found.
PEOPLE = 1400


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=8000, help="where the web is served (default 8000)")
    parser.add_argument("--no-up", action="store_true", help="bring the company in, print the link, start nothing")
    parser.add_argument(
        "--live", action="store_true", help="let the company live on: a few new lines every few seconds"
    )
    parser.add_argument(
        "--people", type=int, metavar="N", default=PEOPLE, help=f"its market (default {PEOPLE:,} people)"
    )
    parser.add_argument("--until", metavar="now|DATE", default="now", help="its last day (default: now)")


def run(options: argparse.Namespace) -> int:
    from twostroke.cli import demo_company
    from twostroke.cli.accounts import accounting_line
    from twostroke.cli.init import prepare
    from twostroke.cli.link import sign_in_path

    home = _home(options)
    if home.exists() and not demo_company.is_demo(home):
        raise Failure(f"{home.path} is somebody's own home, not a demo. Choose another with --home DIR.")
    company = demo_company.chosen(home, people=options.people, until=options.until)
    prepare(zone=demo_company.ZONE, currency=demo_company.CURRENCY)
    demo_company.bring_in(home, company)
    _cast()
    if not company.ready:
        demo_company.lend_a_seller(CAST[1][0])
    print(accounting_line(), flush=True)
    if options.no_up:
        print(f"Sign in once, within 24 hours: http://localhost:{options.port}{sign_in_path(FIRST)}")
        return 0
    from twostroke.cli import up
    from twostroke.cli.supervising import Child

    living = (Child("company", [sys.executable, "-m", "twostroke.cli.demo_live"]),) if options.live else ()
    intake_port = up.free_port_after(options.port)
    return up.serve(
        host="127.0.0.1",
        port=options.port,
        intake_port=intake_port,
        worker_port=up.free_port_after(intake_port) if intake_port else 0,
        link_for=FIRST,
        further=living,
    )


def _home(options: argparse.Namespace) -> Home:
    if not options.home and not os.environ.get("TWOSTROKE_HOME"):
        os.environ["TWOSTROKE_HOME"] = str(Home.chosen().path.parent / "twostroke-demo")
    return Home.chosen()


def _cast() -> None:
    from twostroke.team.actions import add_user
    from twostroke.team.facts import Role
    from twostroke.team.queries import members

    there = {member.email for member in members()}
    for email, name, role in CAST:
        if email not in there:
            add_user(email=email, name=name, role=Role(role))
