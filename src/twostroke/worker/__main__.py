"""``python -m twostroke.worker``: run jobs of the chosen home until told to stop."""

from __future__ import annotations

import logging
import os
import sys

from twostroke.kit.home import Home


def main() -> int:
    """Work until SIGTERM or SIGINT; 1 where there is no home, or one that a newer program has changed."""
    home = Home.chosen()
    if not home.exists():
        return _refused(f"there is no Twostroke home at {home.path}. Make one with: twostroke init --home {home.path}")
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "twostroke.site.settings")
    django.setup()
    from twostroke.ledger.fitting import stands
    from twostroke.worker.working import Worker

    schema = stands()
    if not schema.fits:
        return _refused(schema.sentence())
    logging.getLogger("twostroke.worker").setLevel(logging.INFO)
    Worker().run()
    return 0


def _refused(sentence: str) -> int:
    sys.stderr.write(f"twostroke worker: {sentence}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
