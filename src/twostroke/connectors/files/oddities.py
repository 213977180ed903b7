"""What a person should look at in each file: what, in how many rows, an example, what to do. In plain words."""

from __future__ import annotations

import re
import shlex
import statistics
from collections.abc import Iterable, Iterator, Mapping

from twostroke.connectors.files import styles
from twostroke.connectors.files.cells import bare_key, is_shortened, keys_by
from twostroke.connectors.files.columns import Column, Profile
from twostroke.connectors.files.further import LOOKED_UP
from twostroke.connectors.files.joins import POINTS
from twostroke.connectors.files.mapping import ColumnMap, TableMap
from twostroke.connectors.files.numbers import DOLLAR
from twostroke.connectors.files.outcomes import is_afterwards
from twostroke.connectors.files.pointers import parts
from twostroke.connectors.files.propose import Proposal
from twostroke.connectors.files.spelling import variants
from twostroke.connectors.files.suggestions import AIMS, YES, answer_key, strangers, suggested
from twostroke.connectors.files.translate import Translation
from twostroke.connectors.files.vendors import recognise
from twostroke.connectors.files.vocabulary import squeezed
from twostroke.intake.facts import Oddity
from twostroke.kit.text import folded

_MOST_VALUES = 10
_PLURALS = {"company": "companies", "activity": "activities", "touch": "touches", "stage_history": "rows"}
# How tables are read that bring no lines of their own; ``{}`` is how many rows they have.
_USED_AS = {
    "names": "{} of names for what other files point to",
    "stage": "{} of stages: their names, order and outcome",
    "campaign": "{} of names of campaigns; their cost is counted from the files of the advertising platforms",
    "link": "{} of links: who is concerned by the records of other files",
    "detail": "{} of details of acts that another file tells with person and time",
    "dictionary": "{} that describe the other files",
}
_SUGGESTIONS = {
    "deals without any date": "They come in at unknown time and are left out of durations.",
    "deals that end before they begin": "Check the two dates in the source.",
}


def oddities(
    proposal: Proposal, translations: Mapping[str, Translation], currency: str = "EUR"
) -> dict[str, list[Oddity]]:
    """What is odd in each table, by its name, the most rows first. ``translations`` have been iterated to their end.

    ``currency`` is the reporting currency, named where amounts had none of their own.
    """
    return {name: found_in(proposal, name, translations.get(name), currency) for name in proposal.profiles}


def found_in(proposal: Proposal, name: str, translation: Translation | None, currency: str = "EUR") -> list[Oddity]:
    """What is odd in one table: first what keeps rows or times out, last what needs no act; the most rows first."""
    table, seen = proposal.mapping.table(name), proposal.profiles[name]
    if table is None:
        return []
    found = [*seen.table.notes, *_below(seen)]
    if table.record == "none":
        what = "no record of the trade was recognised; nothing of this table came in"
        found.append(Oddity(what, seen.rows, "", "Write its record into the mapping, or leave the file out."))
    if table.record in ("none", "dictionary", *LOOKED_UP):
        return found
    pairs = [(column, values) for column in table.columns if (values := seen.column(column.header)) is not None]
    groups: list[Iterable[Oddity]] = [
        _rejected(translation),
        _about_dates(table, pairs, seen),
        [*_unmatched(proposal, table, pairs), *_of_several(proposal, pairs), *_matching_nothing(proposal, pairs)],
        [*_hashed(table, pairs), *_shortened(table, pairs)],
        [*_twice(proposal, table), *_missing_links(table, pairs, seen)],
        [*_shared_keys(table, seen), *_counted(translation)],
        [*_spellings(table, pairs), *_out_of_line(pairs)],
        _about_money(proposal, table, pairs, currency),
        [*_afterwards(table, pairs, translation), *_sources(table, seen)],
        [*_placeholders(pairs), *found],
    ]
    return [oddity for group in groups for oddity in sorted(group, key=lambda one: -one.rows)]


def used_as(proposal: Proposal, name: str) -> str:
    """What a table is read as, in words, with what it was read from (“deal, semicolon, UTF-8”)."""
    table, seen = proposal.mapping.table(name), proposal.profiles[name]
    record = table.record if table is not None else "none"
    if record == "none":
        return f"left out, {seen.table.read_as}"
    if record not in _USED_AS:
        return f"{record}, {seen.table.read_as}"
    rows = "1 row" if seen.rows == 1 else f"{seen.rows:,} rows"
    return f"{_USED_AS[record].format(rows)}, {seen.table.read_as}"


def _below(seen: Profile) -> Iterator[Oddity]:
    if below := seen.table.below:
        yield Oddity("lines below the table (totals and the like) were left out", len(below), below[0])


Pairs = list[tuple[ColumnMap, Column]]


def _unmatched(proposal: Proposal, table: TableMap, pairs: Pairs) -> Iterator[Oddity]:
    """Values that are none of the keys their column points to."""
    for column, values in pairs:
        name, _, header = column.to.rpartition(".")
        strange = list(strangers(proposal.mapping, proposal.profiles, column, values).items())
        near = suggested(proposal.mapping, proposal.profiles, column, values) if strange else {}
        if values.kind == "email":
            # An address points to nobody: that one file has others than the next is no oddity.
            strange = [(cell, rows) for cell, rows in strange if cell in near]
        yes = shlex.quote(f"{answer_key(table.name, column.header)}={YES}")
        often = max(_OFTEN, values.filled // 200)
        alone = [pair for pair in strange if pair[1] >= often or len(strange) <= _ALONE][:_MOST_VALUES]
        for cell, rows in alone:
            hint = f"Did you mean “{near[cell]}”? If so, import again with --answer {yes}." if cell in near else ""
            yield Oddity(f"“{column.header}” says “{cell[:60]}”, which is no {header} of {name}", rows, cell[:60], hint)
        if rest := strange[len(alone) :]:
            yield _rest(rest, near, f"“{column.header}” has {{:,}} values that are no {header} of {name}", yes)


def _of_several(proposal: Proposal, pairs: Pairs) -> Iterator[Oddity]:
    """Values by which several rows of the table pointed to are called: they stand for none of them."""
    for column, values in pairs:
        name, _, header = column.to.rpartition(".")
        other, seen = proposal.mapping.table(name), proposal.profiles.get(name)
        if other is None or seen is None or not other.key or header in ("", other.key):
            continue
        if other.key not in seen.table.header or header not in seen.table.header:
            continue
        keys = keys_by(seen.table, header, other.key)
        found = {
            cell: rows
            for cell, rows in values.values.items()
            if keys.get(bare_key(column.values.get(cell, cell))) == ""
        }
        if found:
            what = f"“{column.header}” has {_values(len(found))} that several rows of {name} have as {header}"
            some = ", ".join(cell[:60] for cell in sorted(found)[:3])
            hint = f"They were joined to none of them. Name the {other.key} instead where the source can."
            yield Oddity(what, sum(found.values()), some, hint)


def _values(count: int) -> str:
    return "1 value" if count == 1 else f"{count:,} values"


def _rest(strange: list[tuple[str, int]], near: Mapping[str, str], what: str, yes: str) -> Oddity:
    """Strangers too many to be told one by one."""
    slips = [cell for cell, _ in strange if cell in near]
    some = ", ".join(f"“{near[cell][:40]}” for “{cell[:40]}”" for cell in slips[:3])
    rows, said = sum(rows for _, rows in strange), what.format(len(strange))
    if not slips:
        return Oddity(said, rows, strange[0][0][:60], "Each got an id of its own.")
    many = "All of them" if len(slips) == len(strange) else f"{len(slips):,} of them"
    hint = f"Did you mean {some}? {many} are a slip away from one; --answer {yes} reads them so."
    return Oddity(said, rows, "", hint)


# Strangers that stand in many rows are told one by one, and few strangers anyway.
_OFTEN, _ALONE = 10, 5


_IF_MISSING = "Each got an id of its own. If the file they stand in is missing, bring it in as well."


def _hashed(table: TableMap, pairs: Pairs) -> Iterator[Oddity]:
    """Addresses that were masked by a hash, in tables that name persons only by them."""
    for column, values in pairs:
        if column.role in ("person", "email") and table.record in ("touch", "activity", "order") and values.is_hashed:
            what = f"“{column.header}” holds hashes, not addresses; they are persons without an address"
            yield Oddity(what, values.filled, values.examples(1)[0], "Equal hashes are one person within this source.")


def _matching_nothing(proposal: Proposal, pairs: Pairs) -> Iterator[Oddity]:
    """Columns that point to a record of which a table was read, and hold hardly a key of it."""
    for column, values in pairs:
        aim = AIMS.get(column.role, "person" if column.role in ("contact", "lead") else "")
        if not aim or column.to or not values.values or values.kind == "email" or values.is_hashed:
            continue
        # Named in words, a manager need not stand among the sellers, nor a company under the number it has elsewhere.
        if column.role in ("manager", "company_name"):
            continue
        known, names = _keys_read(proposal, aim, values)
        lost = {
            cell: n for cell, n in values.values.items() if any(bare_key(part) not in known for part in parts(cell))
        }
        strange = sorted({bare_key(part) for cell in lost for part in parts(cell)} - known)
        if names and strange:
            many = "1 value that matches" if len(strange) == 1 else f"{len(strange)} values that match"
            yield Oddity(
                f"“{column.header}” has {many} nothing in {' or '.join(names)}",
                sum(lost.values()),
                ", ".join(cell[:24] for cell in strange[:3]),
                _IF_MISSING,
            )


def _keys_read(proposal: Proposal, aim: str, but: Column) -> tuple[set[str], list[str]]:
    """All keys in the tables of this record, and the names of their key columns, the column ``but`` aside."""
    known: set[str] = set()
    names = []
    for other in proposal.mapping.of_record(aim):
        keys = proposal.profiles[other.name].column(other.key) if other.name in proposal.profiles else None
        if keys is not None and keys is not but and not keys.overflow:
            known |= {bare_key(key) for key in keys.values}
            names.append(f"{other.name}.{other.key}")
    return known, names


def _missing_links(table: TableMap, pairs: Pairs, seen: Profile) -> Iterator[Oddity]:
    for column, values in pairs:
        aim = AIMS.get(column.role)
        empty = seen.rows - values.filled
        if aim is None or not empty or column.role in ("parent", "manager") or not values.filled:
            continue
        plural = _PLURALS.get(table.record, f"{table.record}s")
        yield Oddity(
            f"{plural} without {column.header}", empty, "", f"They belong to no {aim} until the source says which."
        )
    key = seen.column(table.key) if table.key else None
    if key is not None and key.filled < seen.rows:
        what = f"rows without {table.key}, their key"
        yield Oddity(what, seen.rows - key.filled, "", "They are told apart by their contents.")


def _spellings(table: TableMap, pairs: Pairs) -> Iterator[Oddity]:
    for column, values in pairs:
        if (
            column.to
            or values.kind != "category"
            or column.role in ("owner", "name", "person")
            or values.distinct > 500
        ):
            continue
        for written, meant, rows in variants({v: n for v, n in values.values.items() if v not in column.values}):
            what = f"“{column.header}” says “{written}” where “{meant}” is probably meant"
            hint = f"If so, write values: {{{written}: {meant}}} at this column of the mapping."
            yield Oddity(what, rows, written, hint)


def _placeholders(pairs: Pairs) -> Iterator[Oddity]:
    for column, values in pairs:
        for cell, rows in values.placeholders.items():
            if cell in column.missing:
                yield Oddity(
                    f"“{cell}” in “{column.header}” says nothing; taken as missing",
                    rows,
                    cell,
                    "If it does mean something, write missing: [] at this column of the mapping.",
                )


def _out_of_line(pairs: Pairs) -> Iterator[Oddity]:
    """Amounts below zero, and amounts more than twenty times the middle of the largest tenth."""
    for column, values in pairs:
        if column.role not in styles.MONEY or values.numbers.comma or values.distinct < 20:
            continue
        numbers = {cell: float(cell) for cell in values.values if cell.lstrip("-").replace(".", "", 1).isdigit()}
        ordered = sorted(numbers.values())
        if not ordered:
            continue
        limit = 20 * statistics.median(ordered[-max(len(ordered) // 10, 3) :])
        high = [cell for cell, number in numbers.items() if number > limit > 0]
        low = [cell for cell, number in numbers.items() if number < 0]
        for cells, words in ((high, "far above all others"), (low, "below zero")):
            if cells:
                rows = sum(values.values[cell] for cell in cells)
                yield Oddity(f"“{column.header}” is {words}", rows, cells[0], "Check these amounts in the source.")


_TIMED = ("deal", "person", "order", "activity", "touch")


def _about_dates(table: TableMap, pairs: Pairs, seen: Profile) -> Iterator[Oddity]:
    if table.record in _TIMED and not any(column.role.endswith("at") and values.filled for column, values in pairs):
        parts = [c.header for c, v in pairs if _is_part_of_date(v)]
        hint = f"{' and '.join(f'“{part}”' for part in parts)} without a year is no date." if parts else ""
        yield Oddity("no column says when anything happened; every line is of unknown time", seen.rows, "", hint)
    for column, values in pairs:
        if column.role.endswith("at") and values.dates.not_dates:
            yield Oddity(
                f"“{column.header}” holds values that are no dates",
                values.dates.not_dates,
                "",
                "Their rows are rejected.",
            )


_PARTS = {
    "jan",
    "january",
    "feb",
    "mar",
    "march",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "mon",
    "monday",
    "tue",
    "wed",
    "thu",
    "fri",
}


def _is_part_of_date(values: Column) -> bool:
    return 2 <= values.distinct <= 14 and sum(folded(value) in _PARTS for value in values.values) * 2 >= values.distinct


def _about_money(proposal: Proposal, table: TableMap, pairs: Pairs, currency: str) -> Iterator[Oddity]:
    if table.by_role("currency") or table.record == "line_item":
        # What a deal is worth says the deal, and not its positions.
        return
    for column, values in pairs:
        if column.role not in styles.MONEY or not values.filled:
            continue
        if table.currency == "USD" != currency and DOLLAR in (values.numbers.symbol, *column.header):
            hint = "Write another currency: into the mapping if they are other dollars."
            yield Oddity(f"“$” in “{column.header}” was taken for USD", values.filled, values.examples(1)[0], hint)
        elif not table.currency:
            told = proposal.mapping.currency
            what = f"no column says the currency of “{column.header}”; {told or currency} was taken"
            hint = "" if told else "That is the reporting currency. Write currency: into the mapping if it is another."
            yield Oddity(what, values.filled, values.examples(1)[0], hint)


def _sources(table: TableMap, seen: Profile) -> Iterator[Oddity]:
    tracked, told = table.by_role("source"), table.by_role("heard_of_us_by")
    if tracked is not None and told is not None:
        values = seen.column(told.header)
        what = f"two sources side by side: “{tracked.header}” was tracked, “{told.header}” is what people say"
        yield Oddity(what, values.filled if values else 0, "", "Both are kept; neither replaces the other.")


def _shortened(table: TableMap, pairs: Pairs) -> Iterator[Oddity]:
    for column, values in pairs:
        if column.role not in POINTS and column.role not in ("company_key", "parent", "manager"):
            continue
        lost = {cell: rows for cell, rows in values.values.items() if is_shortened(cell)}
        if lost and column.header != table.key:
            what = f"“{column.header}” has numbers that a spreadsheet shortened; whom they name is lost"
            hint = "Bring the file in as it was downloaded."
            yield Oddity(what, sum(lost.values()), next(iter(lost)), hint)


def _twice(proposal: Proposal, table: TableMap) -> Iterator[Oddity]:
    """Deals that one file knows by name only, and another by number: they stand on the log twice."""
    name = table.by_role("name")
    if table.record != "deal" or name is None or table.by_role("key") is not None:
        return
    own = set(_values_of(proposal, table, name))
    for other in proposal.mapping.of_record("deal"):
        named = other.by_role("name") if other.by_role("key") is not None else None
        same = sorted(own & set(_values_of(proposal, other, named))) if named is not None else []
        if len(same) * 2 > len(own):
            what = f"deals called like deals of {other.name}, where they have a number: they count twice"
            hint = f"Leave one of the two files out, or export this one with {other.key}."
            yield Oddity(what, len(same), same[0][:60], hint)


def _values_of(proposal: Proposal, table: TableMap, column: ColumnMap) -> Iterable[str]:
    seen = proposal.profiles.get(table.name)
    found = seen.column(column.header) if seen is not None else None
    return found.values if found is not None else ()


def _shared_keys(table: TableMap, seen: Profile) -> Iterator[Oddity]:
    key = seen.column(table.key) if table.key else None
    if key is None or key.overflow or key.distinct >= key.filled:
        return
    shared = {cell: n for cell, n in key.values.items() if n > 1 and not is_shortened(cell)}
    if shared:
        example = max(shared, key=lambda cell: shared[cell])
        hint = "Of rows with the same key the last one counts."
        if table.record == "order" and table.by_role("product"):
            hint = "They are positions of one order; their amounts were added up, unless each row repeats the total."
        yield Oddity(f"rows share their “{table.key}” with another row", sum(shared.values()), example[:60], hint)


# Written by the tool itself at every change, in every record.
_OF_THE_TOOL = re.compile(r"(hs)?last(modified|viewed|referenced|updated)|lastactivity|notelast|noteslast")


def _afterwards(table: TableMap, pairs: Pairs, translation: Translation | None) -> Iterator[Oddity]:
    """Columns that are written once the outcome is known: they explain nothing beforehand."""
    if table.by_role("converted") is None and table.by_role("is_won") is None:
        return
    known_tool = recognise(table.name, [column.header for column in table.columns]) is not None
    told = dict(translation.hindsight.named()) if translation is not None and translation.hindsight is not None else {}
    for column, values in pairs:
        if known_tool and (column.role == "is_won" or _OF_THE_TOOL.match(squeezed(column.header))):
            continue
        if column.role in ("converted", "is_won"):
            yield Oddity(f"“{column.header}” is the outcome, known only afterwards", values.filled)
        elif column.header in told:
            what = f"“{column.header}” hangs so closely on the outcome that it was probably written after it"
            yield Oddity(what, values.filled, "", "Do not use it to tell who will buy.")
        elif column.role == "" and is_afterwards(column.header):
            what = f"“{column.header}” is by its name known only after the outcome"
            yield Oddity(what, values.filled, "", "Do not use it to tell who will buy.")


def _counted(translation: Translation | None) -> Iterator[Oddity]:
    """What was only seen while translating."""
    if translation is None:
        return
    tally = translation.tally
    for what, rows in tally.counts.items():
        yield Oddity(what, rows, tally.examples[what], _SUGGESTIONS.get(what, ""))


_MEND = "Mend it in the file and bring the file in again."
_AS_MEANT = ("no-act", "not-paid", "total")
# Their reason says itself what to do.
_ADVISED = ("shortened-key",)


def _rejected(translation: Translation | None) -> Iterator[Oddity]:
    for code, (rows, reason) in translation.rejected.items() if translation is not None else ():
        hint = "" if code in _ADVISED else _MEND if code not in _AS_MEANT else "Nothing is to be done."
        yield Oddity("rejected: " + reason.rstrip("."), rows, "", hint)
