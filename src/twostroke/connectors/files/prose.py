"""Notes in prose: text files in which each note stands below a line with its date.

``## 2026-03-02 · Jane Doe, Example Ltd (call, John Roe)`` gives the day, the person, the company, what it was and who
wrote it. A note without a name is a note of that day. Names join nothing: the person and the company of a note are
known by name within its source (LEDGER §4).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator

from twostroke.connectors.files.acts import ACTS, kind_of
from twostroke.connectors.files.cells import Cells, Row
from twostroke.connectors.files.encodings import encoding_of
from twostroke.connectors.files.facts import Broken, Table
from twostroke.connectors.files.parties import named_parties
from twostroke.connectors.files.places import Place
from twostroke.connectors.files.pointers import deletion
from twostroke.ledger.facts import Draft

Builder = Callable[[Row, str], list[Draft]]
HEADER = ("Note ID", "Date", "Person", "Company", "Type", "Author", "Title", "Note")
_MOST_CHARACTERS = 30_000
_LONGEST_HEADING = 300
_DATE = (
    r"\d{4}-\d{1,2}-\d{1,2}|\d{4}/\d{1,2}/\d{1,2}|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}"
    r"|\d{1,2}\.?\s+[^\W\d_]{3,12}\.?\s+\d{4}|[^\W\d_]{3,12}\.?\s+\d{1,2},?\s+\d{4}"
)
_CLOCK = r"(?:(?:,|\s+at|\s+um|T|\s)\s*\d{1,2}:\d{2}(?::\d{2})?(?:\s?[AaPp][Mm])?)?"
_HEADING = re.compile(
    rf"(?P<mark>#{{1,6}}\s+|\*\*)?(?:[^\W\d_]{{2,10}},?\s+)?(?P<date>(?:{_DATE}){_CLOCK})(?P<rest>.*)", re.DOTALL
)
_BETWEEN = re.compile(r"^[\s·•–—|:,*-]+|[\s·•–—|:,*-]+$")
_ASIDE = re.compile(r"\s*\(([^()]*)\)\s*$")


def has_dated_headings(text: str) -> bool:
    """Whether a Markdown text has a heading with a date."""
    return any(_heading(line, marked=True) for line in text.splitlines())


def is_dated_prose(text: str) -> bool:
    """Whether a plain text is notes: at least two dated lines that stand alone, with other text below each."""
    lines = [line.strip() for line in text.splitlines()[:2000]]
    if any(line.startswith("#") and _heading(line, marked=True) for line in lines):
        return True
    alone = [
        place for place, line in enumerate(lines)
        if _heading(line, marked=False) and (place == 0 or not lines[place - 1])
    ]  # fmt: skip
    told = [p for p in alone if any(line and not _heading(line, marked=False) for line in lines[p + 1 : p + 3])]
    return len(told) >= 2 and len(told) * 2 > len(alone)


def _heading(line: str, *, marked: bool) -> re.Match[str] | None:
    bare = line.strip()
    if not bare or len(bare) > _LONGEST_HEADING:
        return None
    found = _HEADING.match(bare)
    return None if found is None or (marked and not found["mark"]) else found


def table_of(place: Place, signature: tuple[int, int, int]) -> Table:
    """The notes of a file, a row each."""
    encoding = encoding_of(place)
    with place.text(encoding.codec, encoding.errors) as file:
        marked = has_dated_headings(file.read(1 << 18))
    return Table(
        place.stem, place.name, place.path, HEADER, f"text with dated headings, {encoding.words}",
        lambda: _rows(place, encoding.codec, encoding.errors, marked=marked), signature=signature, record="note",
    )  # fmt: skip


def _rows(place: Place, codec: str, errors: str, *, marked: bool) -> Iterator[list[str]]:
    seen: Counter[str] = Counter()
    heading: re.Match[str] | None = None
    body: list[str] = []
    with place.text(codec, errors) as file:
        for line in file:
            found = _heading(line, marked=marked)
            if found is None:
                body.append(line.rstrip())
                continue
            if heading is not None:
                yield _row(heading, body, seen)
            heading, body = found, []
    if heading is not None:
        yield _row(heading, body, seen)


def _row(heading: re.Match[str], body: list[str], seen: Counter[str]) -> list[str]:
    """A note; its key is its heading and which of that heading it is, so that a mended text is the same note."""
    text = "\n".join(body).strip().replace("\0", "")
    title = " ".join(heading.group().lstrip("#* ").split())
    seen[title] += 1
    if len(text) > _MOST_CHARACTERS:
        return Broken(text[:200], f"the note below “{title[:60]}” is longer than 30,000 characters")
    rest, kind, author = _aside(_BETWEEN.sub("", heading["rest"]))
    person, comma, company = rest.partition(",")
    named = comma and company.strip() and len(person) <= 80 and not any(c.isdigit() for c in person)
    who = [person.strip(), company.strip()] if named else ["", ""]
    key = f"{title[:200]} #{seen[title]}"
    return [key, heading["date"].replace("T", " ").replace(" at ", " "), *who, kind, author, rest, text]


def _aside(rest: str) -> tuple[str, str, str]:
    """What stands in brackets at the end of a heading: what it was, and who wrote it."""
    found = _ASIDE.search(rest)
    if found is None:
        return rest, "", ""
    parts = [part.strip() for part in found[1].split(",") if part.strip()]
    kind = next((part for part in parts if kind_of(part, ACTS)), "")
    authors = [part for part in parts if part is not kind]
    return rest[: found.start()], kind, authors[0] if authors else ""


def notes(cells: Cells) -> Builder:
    """A note: when, about whom, by whom, its words."""
    at, person, firm = cells.when("at"), cells.text("person"), cells.reference("company", "company")
    company_name, owner, title, body = (
        cells.text("company"), cells.reference("owner", "colleague"), cells.text("title"), cells.text("body")
    )  # fmt: skip
    kind, parties, left, rest = cells.text("type"), named_parties(cells), deletion(cells), cells.rest()
    minter, source = cells.minter, cells.source

    def build(row: Row, key: str) -> list[Draft]:
        if lines := left(row, key):
            return lines
        when, company, name, colleague = at(row), firm(row), person(row), owner(row)
        who, extra = None, []
        if name:
            # Two people of one name at two firms are two.
            own = f"{name}, {company_name(row)}"
            who = minter.mint(f"name:{source}:person", " ".join(own.split()).casefold(), own)
            extra = [Draft("person.described", "person", who, identifier=who, company=company, personal={"name": name})]
        said = {
            field: cell for field, cell in (("title", title(row)), ("body", body(row)), ("type", kind(row))) if cell
        }
        subject = minter.record(source, "note", key)
        draft = Draft("note.written", "note", subject, *when, who, company, colleague, personal={**rest(row), **said})
        return parties(row, [draft, *extra])

    return build
