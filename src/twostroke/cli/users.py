"""Who is here: twostroke users. Adding somebody: twostroke users add EMAIL --name NAME --role ROLE.

Saying which of the sellers that files name somebody is, so that they see what is theirs:
twostroke users claim EMAIL --as NAME (without --as: that they are none of them).
"""

from __future__ import annotations

import argparse

from twostroke.cli.output import Failure, say_json, table

LONGEST_ADDRESS, LONGEST_NAME = 254, 200
ROLES = ("sales", "marketing", "leader", "admin")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("act", nargs="?", choices=["list", "add", "claim"], default="list")
    parser.add_argument("email", nargs="?", metavar="EMAIL")
    parser.add_argument("--name", metavar="NAME", help="as others see it")
    parser.add_argument("--role", choices=ROLES, default="sales")
    parser.add_argument("--as", dest="colleague", metavar="NAME", help="claim: the seller's name or id in the files")
    parser.add_argument("--json", action="store_true", help="stable output for programs")


def run(options: argparse.Namespace) -> int:
    from twostroke.team.queries import members

    if options.act == "add":
        return add(options)
    if options.act == "claim":
        return claim(options)
    found = members()
    if options.json:
        say_json([{"email": m.email, "name": m.name, "role": m.role.value, "colleague": m.colleague} for m in found])
    elif not found:
        print("Nobody yet. Add somebody with: twostroke users add EMAIL --name NAME --role admin")
    else:
        print(table([["name", "email", "role"], *[[m.name, m.email, m.role.value] for m in found]]))
    return 0


def add(options: argparse.Namespace) -> int:
    """Add one user."""
    from twostroke.team.actions import add_user
    from twostroke.team.facts import Role

    if not options.email:
        raise Failure("name an address: twostroke users add EMAIL --name NAME --role ROLE", 2)
    email, name = checked(options.email, options.name)
    member = add_user(email=email, name=name, role=Role(options.role))
    print(f"{member.name} is here as {member.role.value}. A link to sign in: twostroke link {member.email}")
    return 0


def checked(email: str, name: str | None) -> tuple[str, str]:
    """Address and name of a user to add, the name from the address where none is given; ``Failure`` if they cannot be.

    Loads no settings.
    """
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    try:
        validate_email(email.strip())
    except ValidationError as error:
        raise Failure(f"{email[:80]!r} is no e-mail address. Give one like ada@firm.example.", 2) from error
    named = name or email.strip().partition("@")[0]
    if len(email) > LONGEST_ADDRESS or len(named) > LONGEST_NAME:
        raise Failure(f"give an address of at most {LONGEST_ADDRESS} letters, and a name of at most {LONGEST_NAME}.", 2)
    return email, named


def claim(options: argparse.Namespace) -> int:
    """Note which colleague of the files a user is."""
    from twostroke.team.actions import ColleagueTakenError, claim_colleague
    from twostroke.team.queries import members

    member = next((one for one in members() if one.email == (options.email or "").strip().lower()), None)
    if member is None:
        raise Failure(f"Nobody here has the address {options.email}. See who is here with: twostroke users", 2)
    key, name = colleague_called(options.colleague) if options.colleague else (None, "nobody of the files")
    try:
        claim_colleague(member=member, colleague=key)
    except ColleagueTakenError as taken:
        raise Failure(str(taken)) from taken
    print(f"{member.name} is {name}.")
    return 0


def colleague_called(words: str) -> tuple[str, str]:
    """Key and name of the one colleague with this name or id. Raises ``Failure`` where none or several have it."""
    from twostroke.identity.queries import resolve
    from twostroke.ledger.actions import catch_up

    catch_up()
    found = {hit.id: hit.name for hit in resolve(words) if hit.kind == "colleague"}
    if not found:
        raise Failure(f"No seller in the files is called “{words}”. See those there are with: twostroke find NAME", 2)
    if len(found) > 1:
        told = "; ".join(f"{name} ({key})" for key, name in found.items())
        raise Failure(f"Several sellers are called that: {told}. Name one by its id.", 2)
    return next(iter(found.items()))
