"""What the register of imports holds of a person: examples in reports, questions, names of files, headers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from twostroke.intake.alive import is_alive
from twostroke.intake.models import Import, ImportFile
from twostroke.kit.personal import InUseError, Sought, Store
from twostroke.kit.text import texts_within

ERASED = "(erased)"


def stores() -> tuple[Store, ...]:
    """The stores of this room."""
    return (
        Store(
            room="intake",
            what="reports of imports: examples, questions, names of files and columns",
            erasing=f"each text that names or quotes them becomes {ERASED}; the counts stay",
            tables=("intake.Import", "intake.ImportFile"),
            show=lambda who: [{"import": name, "text": text} for name, text in _quotes(who)],
            erase=_erase,
        ),
    )


_TEXTS = ("options", "report", "error")


def _quotes(who: Sought) -> Iterator[tuple[str, str]]:
    for row in Import.objects.order_by("id").iterator():
        for name in _TEXTS:
            for text in texts_within([_opened(getattr(row, name))]):
                if who.may_be_in(text):
                    yield row.id, text
    for file in ImportFile.objects.order_by("batch").iterator():
        for text in (file.name, *texts_within([_opened(file.header)])):
            if who.may_be_in(text):
                yield file.of_id, text


def _opened(text: str) -> Any:
    """JSON as what it says, other text as itself."""
    try:
        return msgspec.json.decode(text)
    except msgspec.MsgspecError:
        return text


def _erase(who: Sought) -> int:
    for row in Import.objects.filter(state="running"):
        if is_alive(row):
            raise InUseError(f"Import {row.id} is running and may be bringing this person in. Wait until it is done.")
    gone = 0
    for row in Import.objects.order_by("id").iterator():
        gone += _without(Import, row.id, {name: getattr(row, name) for name in _TEXTS}, who)
    for file in ImportFile.objects.order_by("batch").iterator():
        gone += _without(ImportFile, file.batch, {"name": file.name, "header": file.header}, who)
    return gone


def _without(model: Any, key: str, texts: dict[str, str], who: Sought) -> int:
    changed = {}
    for name, text in texts.items():
        opened = _opened(text)
        bare = _redacted(opened, who)
        if bare != opened:
            changed[name] = bare if isinstance(opened, str) and opened == text else msgspec.json.encode(bare).decode()
    if changed:
        model.objects.filter(pk=key).update(**changed)
    return len(changed)


def _redacted(value: Any, who: Sought) -> Any:
    if isinstance(value, str):
        return ERASED if who.may_be_in(value) else value
    if isinstance(value, dict):
        # Names of fields are the program's own words; only what is named by a person's file or column can be personal.
        return {ERASED if who.is_named_in(name) else name: _redacted(one, who) for name, one in value.items()}
    if isinstance(value, list):
        return [_redacted(one, who) for one in value]
    return value
