"""Make a home: its folders, keys and database, its time zone and the currency numbers are reported in.

Safe to run again: nothing that exists is changed but what you name.
"""

from __future__ import annotations

import argparse

from twostroke.cli.output import Failure
from twostroke.cli.users import checked


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--zone", metavar="ZONE", help="time zone of days and weeks, such as Europe/Vienna (default: this machine's)"
    )
    parser.add_argument(
        "--currency", metavar="CODE", help="currency numbers are reported in, such as EUR (the default)"
    )
    parser.add_argument("--admin", metavar="EMAIL", help="add an administrator and print a one-time sign-in link")
    parser.add_argument("--name", metavar="NAME", default="", help="the administrator's name")


def run(options: argparse.Namespace) -> int:
    zone, currency = checked_zone(options.zone), checked_currency(options.currency)
    admin = checked(options.admin, options.name) if options.admin else None
    home = prepare(zone=zone, currency=currency)
    print(f"Home: {home}")
    if admin is not None:
        from twostroke.cli.link import sign_in_path
        from twostroke.team.actions import add_user
        from twostroke.team.facts import Role

        add_user(email=admin[0], name=admin[1], role=Role.ADMIN)
        print(f"Sign in once, within 24 hours, where `twostroke up` serves: {sign_in_path(admin[0])}")
    print("Next: twostroke import PATH, then twostroke up")
    return 0


def checked_zone(name: str | None) -> str | None:
    """The zone as given; ``Failure`` if there is no such zone."""
    from twostroke.kit.time import is_zone

    if name is not None and not is_zone(name):
        raise Failure(f"there is no time zone {name!r}. Name one like Europe/Vienna or America/New_York.", 2)
    return name


def checked_currency(code: str | None) -> str | None:
    """The currency in capitals; ``Failure`` if it is no three-letter code."""
    from twostroke.kit.money import is_currency

    wanted = code.upper() if code else None
    if wanted is not None and not is_currency(wanted):
        raise Failure(f"{code!r} is no currency. Name one by its three letters, like EUR or USD.", 2)
    return wanted


def prepare(*, zone: str | None = None, currency: str | None = None) -> str:
    """Create what is missing of the chosen home, and set zone and currency where named or not yet set.

    Returns the home's path. Loads Django.
    """
    from twostroke.cli.main import start
    from twostroke.kit.home import Home

    home = Home.chosen()
    home.create()
    start()
    from django.core.management import call_command

    from twostroke.ledger.fitting import stands

    schema = stands()
    if schema.unknown_steps:
        raise Failure(schema.sentence())
    call_command("migrate", verbosity=0, interactive=False)
    from twostroke.ledger.actions import change_definition
    from twostroke.ledger.queries import CURRENCY, ZONE, definition

    for name, value, default in ((ZONE, zone, machine_zone()), (CURRENCY, currency, "EUR")):
        there = definition(name)
        if there is None or (value is not None and value != there):
            change_definition(name=name, value=value or default)
    return str(home.path)


def machine_zone() -> str:
    """The machine's zone by its IANA name, UTC where it does not say."""
    import os
    from pathlib import Path

    from twostroke.kit.time import is_zone

    named = os.environ.get("TZ", "").lstrip(":")
    if named and is_zone(named):
        return named
    target = os.path.realpath("/etc/localtime")
    zone = target.split("/zoneinfo/", 1)[1] if "/zoneinfo/" in target else ""
    if not zone and Path("/etc/timezone").is_file():
        zone = Path("/etc/timezone").read_text("ascii", errors="ignore").strip()
    return zone if zone and "/" in zone and is_zone(zone) else "UTC"
