"""Make a link that signs one person in once, within 24 hours."""

from __future__ import annotations

import argparse

from twostroke.cli.output import Failure


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("email", metavar="EMAIL", help="whose link")
    parser.add_argument("--at", metavar="URL", default="http://localhost:8000", help="where the web is served")


def run(options: argparse.Namespace) -> int:
    print(options.at.rstrip("/") + sign_in_path(options.email))
    return 0


def sign_in_path(email: str) -> str:
    """The path of a fresh one-time link. ``Failure`` if nobody has the address."""
    from twostroke.team.actions import UnknownUserError, make_sign_in_link

    try:
        return f"/sign-in/{make_sign_in_link(email=email)}/"
    except UnknownUserError as error:
        raise Failure(str(error)) from error
