"""``python -m twostroke.receiving --fd N``: take events of the chosen home on a listening socket until told to stop."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from types import FrameType
from typing import TYPE_CHECKING, Any

from twostroke.kit.home import Home

if TYPE_CHECKING:
    from twostroke.receiving.app import Receiving

# Less than the ten seconds the supervisor waits before it kills.
_GRACE_SECONDS = 8


def main() -> int:
    """Serve until SIGTERM or SIGINT; 1 where there is no home, or one that a newer program has changed."""
    parser = argparse.ArgumentParser(prog="python -m twostroke.receiving", description=__doc__)
    parser.add_argument("--fd", type=int, help="a listening socket that was handed over")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8001)
    options = parser.parse_args()
    home = Home.chosen()
    if not home.exists():
        return _refused(f"there is no Twostroke home at {home.path}. Make one with: twostroke init --home {home.path}")
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "twostroke.site.settings")
    django.setup()
    from django.db import connections

    from twostroke.ledger.fitting import stands

    schema = stands()
    connections.close_all()
    if not schema.fits:
        return _refused(schema.sentence())
    from twostroke.receiving.app import Receiving

    for number in (signal.SIGTERM, signal.SIGINT):
        # The server takes them while it serves, and raises them again once it has ended in good order.
        signal.signal(number, _ended)
    serve(
        Receiving(), **({"fd": options.fd} if options.fd is not None else {"host": options.host, "port": options.port})
    )
    return 0


def serve(app: Receiving, **where: Any) -> None:
    """Serve at ``fd``, or at ``host`` and ``port``, until told to stop."""
    import uvicorn

    from twostroke.receiving.wire import Wire

    uvicorn.run(
        app,
        **where,
        http=Wire,
        loop="uvloop",
        ws="none",
        lifespan="on",
        access_log=False,
        # Anybody can send what is worth a warning, as often as they like.
        log_level="error",
        server_header=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )


def _ended(number: int, frame: FrameType | None) -> None:
    """Nothing is left to do."""


def _refused(sentence: str) -> int:
    sys.stderr.write(f"twostroke intake: {sentence}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
