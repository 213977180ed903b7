"""Writes the generated pages of ``docs/reference``: ``python -m twostroke.site.reference [FOLDER]``.

It stands on the top floor because only the wiring knows which kinds exist.
"""

from __future__ import annotations

import sys
from pathlib import Path

from twostroke.cli.reference import events_page
from twostroke.connectors.segment.describing import segment_page
from twostroke.ledger.catalogue import Catalogue
from twostroke.metrics.definitions import DEFINITIONS
from twostroke.metrics.describing import metrics_page
from twostroke.site.wiring import all_kinds, kinds_by_room

FOLDER = Path("docs/reference")


def pages() -> dict[str, str]:
    """The generated pages, by file name."""
    return {
        "events.md": events_page(Catalogue(all_kinds()), kinds_by_room()),
        "segment.md": segment_page(Catalogue(all_kinds())),
        "metrics.md": metrics_page([one.metric for one in DEFINITIONS.values()]),
    }


def main(arguments: list[str]) -> None:
    """Writes every page into the folder named first, or into ``docs/reference`` of the working directory."""
    folder = Path(arguments[0]) if arguments else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
