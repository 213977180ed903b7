"""A plain second writer: ``python -m benchmarks.second_writer SECONDS`` writes one row every ten milliseconds into the
chosen home's database, as a web page would, and tells how many milliseconds each transaction took.
"""

from __future__ import annotations

import json
import os
import sys
import time

_EVERY_SECONDS = 0.01


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "twostroke.site.settings")
    import django

    django.setup()
    from django.db import connection, transaction

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_second_writer (id INTEGER PRIMARY KEY, said TEXT)")
        print("begun", flush=True)
        took, until = [], time.monotonic() + float(sys.argv[1])
        while time.monotonic() < until:
            began = time.perf_counter()
            with transaction.atomic():
                cursor.execute("INSERT INTO bench_second_writer (said) VALUES (%s)", ["x" * 100])
            took.append(1000 * (time.perf_counter() - began))
            time.sleep(_EVERY_SECONDS)
    print(json.dumps(took))


if __name__ == "__main__":
    main()
