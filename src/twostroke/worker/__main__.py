"""``python -m twostroke.worker [--health-fd N]``: run jobs of the chosen home until told to stop."""

from __future__ import annotations

import argparse
import logging
import os
import socket
import sys

from twostroke.kit.home import Home


def main() -> int:
    """Work until SIGTERM or SIGINT; 1 where there is no home, or one that a newer program has changed."""
    parser = argparse.ArgumentParser(prog="python -m twostroke.worker", description=__doc__)
    parser.add_argument("--health-fd", type=int, help="a listening socket that was handed over, for /healthz")
    options = parser.parse_args()
    home = Home.chosen()
    if not home.exists():
        return _refused(f"there is no Twostroke home at {home.path}. Make one with: twostroke init --home {home.path}")
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "twostroke.site.settings")
    django.setup()
    from twostroke.ledger.fitting import stands
    from twostroke.worker.health import answer_at
    from twostroke.worker.working import Worker

    schema = stands()
    if not schema.fits:
        return _refused(schema.sentence())
    logging.getLogger("twostroke.worker").setLevel(logging.INFO)
    worker = Worker()
    if options.health_fd is not None:
        answer_at(socket.socket(fileno=options.health_fd), worker.trouble)
    worker.run()
    return 0


def _refused(sentence: str) -> int:
    sys.stderr.write(f"twostroke worker: {sentence}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
