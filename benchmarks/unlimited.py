"""The intake without a limit of rate, for measuring: ``python -m benchmarks.unlimited PORT``."""

from __future__ import annotations

import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "twostroke.site.settings")


def main() -> None:
    import django

    django.setup()
    from twostroke.receiving.__main__ import serve
    from twostroke.receiving.app import Receiving
    from twostroke.receiving.budgets import Budgets

    serve(Receiving(rates=Budgets(rate=1e12, burst=1e12)), port=int(sys.argv[1]))


if __name__ == "__main__":
    main()
