"""Those behind a figure, with names and addresses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from twostroke.deals import queries as deals
from twostroke.metrics import facts
from twostroke.web.deals.reading import rows_of
from twostroke.web.naming import named
from twostroke.web.numbers.shapes import Behind
from twostroke.web.telling import stage_words
from twostroke.web.templatetags.say import grouped, money


def told(found: Sequence[facts.Behind]) -> list[Behind]:
    """Each of those found as a row, in the order given."""
    of: dict[str, list[facts.Behind]] = defaultdict(list)
    for one in found:
        of[one.subject_kind].append(one)
    names = named(persons=_ids(of["person"]), companies=_ids(of["company"]))
    rows = {id_: Behind(one.name, "", one.address, "") for id_, one in names.items()}
    rows |= _deals(_ids(of["deal"])) | _records([one for kind in ("spend", "task", "order") for one in of[kind]])
    return [rows.get(one.subject, Behind(one.subject, "", "", "")) for one in found]


def _ids(found: Sequence[facts.Behind]) -> list[str]:
    return [one.subject for one in found]


def _deals(ids: Sequence[str]) -> dict[str, Behind]:
    return {
        row.deal.subject: Behind(
            name=row.title,
            under=" · ".join(part for part in (row.short if row.short != row.title else "", row.key) if part),
            address=reverse("deal", args=[row.deal.subject]),
            amount=money(row.deal.amount_minor, row.deal.currency),
        )
        for row in rows_of(deals.deals(deals.Filter(subjects=ids), limit=max(1, len(ids))))
    }


def _records(found: Sequence[facts.Behind]) -> dict[str, Behind]:
    """What has no page of its own is called as its source calls the record."""
    worth = {
        one.subject: f"{one.key['currency']}\u00a0{grouped(one.measures['value'])}"
        for one in found
        if one.key.get("currency")
    }
    return {id_: Behind(one.name, "", "", worth.get(id_, "")) for id_, one in named(records=_ids(found)).items()}


def title_of_key(title: str, key: Mapping[str, str | None]) -> str:
    """The key in words: ``Pipeline: open, Engaging, EUR``."""
    ids = [value for name, value in key.items() if name in {"owner", "product"} and value]
    colleagues, records = named(colleagues=ids), named(records=ids)

    def word(name: str, value: str | None) -> str:
        if value is None:
            return _("no %(dimension)s") % {"dimension": name}
        if name == "owner" and value in colleagues:
            return colleagues[value].name
        if name == "product" and value in records:
            return records[value].name
        return stage_words(value)

    said = ", ".join(word(name, value) for name, value in key.items())
    return f"{title}: {said}" if said else title
