"""The intake without a limit of rate, for measuring: ``python -m benchmarks.unlimited PORT``."""

from __future__ import annotations

import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "twostroke.site.settings")


def main() -> None:
    import django

    django.setup()
    import uvicorn

    from twostroke.receiving.app import Receiving
    from twostroke.receiving.budgets import Budgets

    app = Receiving(rates=Budgets(rate=1e12, burst=1e12))
    uvicorn.run(app, port=int(sys.argv[1]), http="httptools", loop="uvloop", access_log=False, log_level="warning")


if __name__ == "__main__":
    main()
