"""Words of the trade as headers and values write them: English first, with what tools in other languages say.

General vocabulary and vendors' field names only. Headers are compared squeezed: no case, accents, spaces, punctuation.
"""

from __future__ import annotations

import re
from functools import lru_cache

from twostroke.connectors.files.fields import FIELDS
from twostroke.connectors.files.other_names import OTHER_NAMES
from twostroke.kit.text import folded

_PREFIX = re.compile(r"^(properties|property|fields|attributes|traits)[._ :]+", re.IGNORECASE)
_BRACKETS = re.compile(r"\s*[(\[][^)\]]*[)\]]\s*$")
_NOT_WORD = re.compile(r"[^0-9a-z]+")
_CUSTOM = re.compile(r"__(c|r|pc)$", re.IGNORECASE)


@lru_cache(maxsize=4096)
def squeezed(header: str) -> str:
    """``Close Date``, ``close_date``, ``CloseDate``, ``properties.closedate`` → ``closedate``."""
    bare = _CUSTOM.sub("", _PREFIX.sub("", header.strip()))
    open_ended = _BRACKETS.sub("", bare) or bare
    plain = open_ended.lower() if open_ended.isascii() else folded(open_ended)
    return _NOT_WORD.sub("", plain) or folded(bare)


def words_of(header: str) -> list[str]:
    """The words of a header: ``closeDate_EUR`` → ``["close", "date", "eur"]``."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", header)
    return [word for word in _NOT_WORD.split(folded(spaced)) if word]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _synonyms() -> dict[str, dict[str, tuple[str, int]]]:
    table: dict[str, dict[str, tuple[str, int]]] = {}
    for start, names_of in ((0, FIELDS), (_OF_OTHERS, OTHER_NAMES)):
        for record, roles in names_of.items():
            known = table.setdefault(record, {})
            for role, names in roles.items():
                for rank, name in enumerate(names.split(","), start):
                    known.setdefault(squeezed(name), (role, rank))
    for known in table.values():
        # “Verkäufer” is compared without its dots, and written “Verkaeufer” where there are none.
        for name, said in list(known.items()):
            known.setdefault(name.replace("ae", "a").replace("oe", "o").replace("ue", "u"), said)
    return table


_OF_OTHERS = 50
SYNONYMS = _synonyms()
_EVERY = frozenset(name for known in SYNONYMS.values() for name in known)
# ISO 4217 codes that stand in headers (“Amount EUR”).
CURRENCIES = frozenset(
    (
        "EUR",
        "USD",
        "GBP",
        "CHF",
        "JPY",
        "CAD",
        "AUD",
        "NZD",
        "SEK",
        "NOK",
        "DKK",
        "PLN",
        "CZK",
        "HUF",
        "RON",
        "BGN",
        "TRY",
        "INR",
        "CNY",
        "HKD",
        "SGD",
        "KRW",
        "BRL",
        "MXN",
        "ZAR",
        "ILS",
        "AED",
        "THB",
    )
)
# Words that look like those of the trade and are of the web.
_NOT_THE_TRADE = frozenset({"useragent"})
_VENDOR_PREFIXES = ("hs", "salesforce", "sf", "crm", "hubspot")


def is_known_header(header: str) -> bool:
    """Whether any record of the trade has a field written like this."""
    return squeezed(header) in _EVERY


def role_of(record: str, header: str) -> tuple[str, int] | None:
    """The role of a header in a record, and how far down its list of names it stands (0: the very name)."""
    known = SYNONYMS[record]
    bare = squeezed(header)
    if bare in _NOT_THE_TRADE:
        return None
    if _CURRENCY_IN_BRACKETS.search(header) and "currency" in FIELDS[record]:
        return "currency", 5
    found = known.get(bare)
    if found is not None:
        return found
    for prefix in _VENDOR_PREFIXES:
        if bare.startswith(prefix) and (found := known.get(bare[len(prefix) :])) is not None:
            return found[0], found[1] + 1
    if bare[-3:].upper() in CURRENCIES and words_of(header)[-1:] == [bare[-3:]] and bare[:-3] in known:
        return known[bare[:-3]]
    return _without_record(record, bare, known) or _numbered(record, header) or _of_another(record, header)


_ANOTHER = re.compile(r"([^:.]+)(?::\s*|\.)([^:.]+)$")


def _of_another(record: str, header: str) -> tuple[str, int] | None:
    """A field of a record pointed to: ``Account: Account Name``, ``Owner: Full Name``, ``Campaign.Name`` name it."""
    found = _ANOTHER.match(header.strip())
    if found is None or _PREFIX.match(header.strip()):
        return None
    what, field = found[1], found[2]
    words = words_of(field)
    if squeezed(field).startswith(squeezed(what)):
        return role_of(record, field)
    named = words[-1:] == ["name"] and set(words[:-1]) <= {"full", *words_of(what)}
    return role_of(record, what) if named else None


_CURRENCY_IN_BRACKETS = re.compile(r"[(\[](currency|währung|waehrung|devise|divisa|moneda)[)\]]\s*$", re.IGNORECASE)
_ID_WORDS = _words("id ids ref reference no nr number num key code uuid guid identifier")
_THINGS = {
    "person": _words("lead prospect contact person enquiry inquiry visitor subscriber candidate applicant"),
    "company": _words("company account firm organization organisation org client customer"),
    "deal": _words("deal opportunity opp"),
    "colleague": _words("seller rep agent salesperson salesrep"),
    "product": _words("product item article"),
}
_POINTING = {"colleague": "owner", "company": "company", "person": "person", "deal": "deal", "product": "product"}


def _numbered(record: str, header: str) -> tuple[str, int] | None:
    """``prospect_ref`` is the key of a prospect, and where the record is another it names the prospect."""
    words = words_of(header)
    if len(words) != 2 or words[1] not in _ID_WORDS:
        return None
    for thing, names in _THINGS.items():
        if words[0] in names:
            role = "key" if thing == record else _POINTING[thing]
            if record == "person" and thing == "company":
                role = "company_key"
            return (role, 60) if role in FIELDS[record] else None
    return None


_RECORD_WORDS = {
    "company": ("company", "account", "firma", "kunde", "organization", "organisation", "client", "customer"),
    "person": ("contact", "lead", "person", "prospect", "customer", "user", "member"),
    "colleague": ("user", "owner", "seller", "agent", "employee", "rep", "salesrep"),
    "product": ("product", "item", "produkt", "article", "artikel"),
    "deal": ("deal", "opportunity", "opp", "opportunities"),
    "activity": ("activity", "engagement", "task", "event", "call", "meeting", "note"),
    "touch": ("event", "touch", "response"),
    "order": ("order", "invoice", "bestell"),
    "spend": ("campaign", "ad"),
    "stage_history": ("deal", "opportunity", "history"),
}


def _without_record(record: str, bare: str, known: dict[str, tuple[str, int]]) -> tuple[str, int] | None:
    """``Deal amount`` is the amount where the record is a deal."""
    for word in _RECORD_WORDS.get(record, ()):
        if bare.startswith(word) and (found := known.get(bare[len(word) :])) is not None:
            return found[0], found[1] + 2
    return None


# Values that say that nothing was said.
PLACEHOLDERS = frozenset(
    word if word.startswith("#") else squeezed(word) or word
    for word in [
        "-",
        "--",
        "---",
        ".",
        "?",
        "n/a",
        "na",
        "n.a.",
        "#n/a",
        "#na",
        "#value!",
        "#ref!",
        "#name?",
        "#div/0!",
        "null",
        "(null)",
        "<null>",
        "nil",
        "none",
        "(none)",
        "nan",
        "undefined",
        "[object object]",
        "not set",
        "(not set)",
        "not available",
        "not applicable",
        "not specified",
        "not provided",
        "select",
        "please select",
        "select one",
        "select an option",
        "please choose",
        "choose",
        "--none--",
        "- select -",
        "k.a.",
        "k. a.",
        "keine angabe",
        "bitte wählen",
        "aucun",
        "non renseigné",
        "ninguno",
        "sin datos",
    ]
)
# Only a placeholder where the column has other things to say (“unknown” is an answer in some columns).
WEAK_PLACEHOLDERS = frozenset(
    squeezed(word) for word in ["unknown", "unbekannt", "inconnu", "desconocido", "tbd", "to be determined"]
)


def is_placeholder(value: str) -> bool:
    """Whether a cell that is not empty says nothing: ``Select``, ``n/a``, ``-``, ``null``."""
    # No placeholder ends in a digit: this spares most keys, numbers and dates the comparison.
    if len(value) >= 24 or value[-1:].isdigit():
        return False
    # “#VALUE!” is an error of a spreadsheet; “Value” is a word.
    bare = value.strip()
    return (bare.lower() if bare.startswith("#") else squeezed(value) or bare) in PLACEHOLDERS


def _set(words: str) -> frozenset[str]:
    return frozenset(squeezed(word) for word in words.split(","))


WON = _set(
    "won,closed won,closedwon,close won,deal won,win,gewonnen,abgeschlossen gewonnen,gagne,conclu,ganado,"
    "cerrada ganada,"
    "closed - won,won deal,sold,signed,verkauft,6 - closed won,closed won deal"
)
LOST = _set(
    "lost,closed lost,closedlost,close lost,deal lost,loss,verloren,abgeschlossen verloren,perdu,perdido,"
    "cerrada perdida,"
    "closed - lost,no sale,abandoned,disqualified,closed no sale"
)
TRUE = _set("true,yes,y,1,1.0,x,ja,oui,si,wahr,vrai,t,on,checked,converted")
FALSE = _set("false,no,n,0,0.0,nein,non,falsch,faux,f,off,unchecked,not converted")


def outcome_of(stage: str) -> str:
    """``won``, ``lost`` or ``open``, by the words of the trade."""
    bare = squeezed(stage).lstrip("0123456789")
    if bare in WON or bare in LOST:
        return "won" if bare in WON else "lost"
    words = [word for word in words_of(_BRACKETS.sub("", stage)) if not word.isdigit()]
    if words[:1] == ["closed"] and words[1:2] in (["won"], ["lost"]):
        # “Closed Lost to Competition”, “Closed Won - Onboarding”: what follows is a detail.
        return words[1]
    if words[:1] in (["won"], ["lost"]) and (words[1:2] == ["to"] or _DETAIL.match(stage.strip())):
        return words[0]
    said = set(words) - _AROUND_AN_OUTCOME
    return "won" if said and said <= _WON_WORDS else "lost" if said and said <= _LOST_WORDS else "open"


# “Lost - no budget”, “Won: renewal”.
_DETAIL = re.compile(r"(won|lost)\s*[-–—:/|]", re.IGNORECASE)


# “Conclue et gagnée”, “Closed - Won (Renewals)”: one word says it, and the others only go with it.
_WON_WORDS = _words("won win gewonnen gagne gagnee ganado ganada wygrana gewonnene vinto vinta ganho ganha")
_LOST_WORDS = _words("lost loss verloren perdu perdue perdido perdida verlorene perso persa przegrana")
_AROUND_AN_OUTCOME = _words(
    "closed close deal deals opportunity and et und y geschlossen abgeschlossen "
    "conclue conclu cloture cloturee fermee ferme cerrado cerrada chiuso chiusa fechado fechada gesloten as stage"
)


# Sector words people misspell; a value one letter away from one of them is probably meant to be it.
SECTOR_WORDS = frozenset(
    [
        "technology",
        "telecommunications",
        "telecommunication",
        "software",
        "hardware",
        "medical",
        "healthcare",
        "pharmaceutical",
        "finance",
        "financial",
        "banking",
        "insurance",
        "retail",
        "wholesale",
        "marketing",
        "advertising",
        "entertainment",
        "employment",
        "services",
        "education",
        "manufacturing",
        "automotive",
        "construction",
        "engineering",
        "agriculture",
        "hospitality",
        "transportation",
        "logistics",
        "energy",
        "utilities",
        "government",
        "media",
        "publishing",
        "consulting",
        "legal",
        "chemicals",
        "electronics",
        "aerospace",
        "biotechnology",
        "tourism",
        "restaurants",
        "real-estate",
        "consumer",
        "industrial",
        "mining",
        "textiles",
        "food",
        "beverage",
    ]
)

# Fields written after the outcome was known, whatever the tool.
AFTERWARDS = re.compile(
    r"^(last|latest|recent)|duration|closedreason|lostreason|wonreason|lossreason|^tags$|leadquality|callresult|"
    r"dauer|letzte|lastnotable|lastmodified",
)
