# ruff: noqa: SIM905 - a line of names reads better than a column of quotes
"""Names of firms in the manner of their trade, put together from parts; domains end in ``.example`` (RFC 2606)."""

from __future__ import annotations

from worlds.texts.names import LAST, plain

_HEADS: dict[str, tuple[str, ...]] = {
    "hotel": (
        "Hotel",
        "Grand Hotel",
        "Parkhotel",
        "Kasteel",
        "Hôtel",
        "Seehotel",
        "The",
        "Palazzo",
        "Residenz",
        "Haus",
    ),
    "office": ("",),
    "cafe": ("Studio", "Atelier", "Café", "Praxis", "Kontor", "Werkstatt", "Rösterei", "Büro", "Dental", "Bakery"),
    "plant": ("Molkerei", "Brouwerij", "Dairy", "Brauhaus", "Mejeri", "Caseificio", "Zuivel", "Bryggeri"),
    "household": ("",),
}
_STEMS = tuple(
    "Linden Falken Birken Sonnen Wester Norder Brunnen Kastell Mühlen Kranich Silber Heide Anker Rosen Eichen Hafen "
    "Amsel Winter "
    "Reben Kiesel Meer Stein Tannen Quell Raben Morgen Insel Bernstein Erlen Distel Ginster Schwalben".split()
)
_ENDS = tuple("hof garten blick tor feld ufer park berg hain werft wiese grund bach warte eck halde".split())
_TRADES = (
    "Legal",
    "Architects",
    "Insurance",
    "Engineering",
    "Media",
    "Logistics",
    "Tax Advisers",
    "Software",
    "Health",
    "Energy",
    "Publishing",
    "Consulting",
    "Design",
    "Laboratories",
    "Property",
    "Notaries",
)
_FORMS: dict[str, tuple[str, ...]] = {
    "DE": ("GmbH", "KG", "PartG", ""),
    "AT": ("GmbH", "OG", ""),
    "NL": ("B.V.", ""),
    "FR": ("SARL", "SAS", ""),
    "GB": ("Ltd", "LLP", ""),
    "IE": ("Ltd", ""),
    "ES": ("S.L.", ""),
    "PL": ("Sp. z o.o.", ""),
    "SE": ("AB", ""),
    "IT": ("S.r.l.", ""),
}


def firm_name(style: str, country: str, number: int) -> str:
    """The name of firm ``number`` (any whole number: its remainders choose the parts)."""
    last = LAST.get(country, LAST["DE"])
    stem = _STEMS[number % len(_STEMS)] + _ENDS[number // 37 % len(_ENDS)]
    if style == "household":
        return ""
    if style == "hotel":
        tail = ("", " Hotels", " Collection", " & Spa", " Group")[number // 1009 % 5]
        return f"{_HEADS['hotel'][number // 613 % len(_HEADS['hotel'])]} {stem}{tail}"
    if style == "office":
        trade = _TRADES[number // 41 % len(_TRADES)]
        form = _FORMS.get(country, ("",))[number // 331 % len(_FORMS.get(country, ("",)))]
        one, two = last[number % len(last)], last[number // 59 % len(last)]
        who = (f"{one} & {two}", stem, f"{one}", f"{stem} {one}")[number // 997 % 4]
        return f"{who} {trade} {form}".strip()
    head = _HEADS.get(style, _HEADS["cafe"])
    who = stem if number // 89 % 2 else last[number % len(last)]
    return f"{head[number // 53 % len(head)]} {who}"


def domain(name: str, number: int, taken: set[str]) -> str:
    """A domain nobody has yet, under ``.example``; it is added to ``taken``."""
    words = name.split()
    forms = {form for found in _FORMS.values() for form in found} - {""} | {"o.o.", "Sp.", "z"}
    wanted = (
        plain(" ".join(word for word in words if word not in forms))[:40].strip("-") or f"familie-{number % 100_000}"
    )
    found = f"{wanted}.example"
    step = 1
    while found in taken:
        step += 1
        found = f"{wanted}-{step}.example"
    taken.add(found)
    return found
