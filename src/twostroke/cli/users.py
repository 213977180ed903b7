"""Who is here, and adding somebody: twostroke users [add EMAIL --name NAME --role ROLE]."""

from __future__ import annotations

import argparse

from twostroke.cli.output import Failure, say_json, table

ROLES = ("sales", "marketing", "leader", "admin")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("act", nargs="?", choices=["list", "add"], default="list")
    parser.add_argument("email", nargs="?", metavar="EMAIL")
    parser.add_argument("--name", metavar="NAME", help="as others see it")
    parser.add_argument("--role", choices=ROLES, default="sales")
    parser.add_argument("--json", action="store_true", help="stable output for programs")


def run(options: argparse.Namespace) -> int:
    from twostroke.team.queries import members

    if options.act == "add":
        return add(options)
    found = members()
    if options.json:
        say_json([{"email": m.email, "name": m.name, "role": m.role.value} for m in found])
    elif not found:
        print("Nobody yet. Add somebody with: twostroke users add EMAIL --name NAME --role admin")
    else:
        print(table([["name", "email", "role"], *[[m.name, m.email, m.role.value] for m in found]]))
    return 0


def add(options: argparse.Namespace) -> int:
    """Add one user."""
    from twostroke.team.actions import add_user
    from twostroke.team.facts import Role

    if not options.email or "@" not in options.email:
        raise Failure("name an address: twostroke users add EMAIL --name NAME --role ROLE", 2)
    member = add_user(email=options.email, name=options.name or options.email.split("@")[0], role=Role(options.role))
    print(f"{member.name} is here as {member.role.value}. A link to sign in: twostroke link {member.email}")
    return 0
