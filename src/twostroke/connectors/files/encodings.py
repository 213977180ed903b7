"""Which encoding a file of text is written in, found by looking at the whole of it."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from charset_normalizer import from_bytes

from twostroke.connectors.files.places import Place

_CHUNK = 1 << 20
_SAMPLE = 1 << 18
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8 with byte order mark"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
# Single-byte and East Asian encodings that spreadsheets and CRMs really write.
_LIKELY = ["cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "mac_roman", "cp932", "gb18030", "big5", "euc_kr"]


@dataclass(frozen=True, slots=True)
class Encoding:
    """``codec`` and ``errors`` as ``open`` takes them, ``words`` as people read them; ``odd_bytes`` fit no rule."""

    codec: str
    words: str
    errors: str = "strict"
    odd_bytes: int = 0


def _as_western(error: UnicodeError) -> tuple[str, int]:
    """Reads the bytes that are no UTF-8 as Windows-1252: such files are pasted together from two exports."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("twostroke-western", _as_western)


def encoding_of(place: Place) -> Encoding:
    """The encoding of the file at ``place``: by byte order mark, else UTF-8 if all of it is, else by its letters."""
    with place.open() as file:
        head = file.read(_SAMPLE)
    for mark, codec, words in _BOMS:
        if head.startswith(mark):
            return Encoding(codec, words, errors="replace")
    wide = _wide(head)
    if wide is not None:
        return wide
    valid, invalid, sample = _utf8_evidence(place)
    if invalid == 0:
        return Encoding("utf-8", "UTF-8")
    if valid >= 10 * invalid:
        return Encoding("utf-8", "UTF-8", errors="twostroke-western", odd_bytes=invalid)
    return _guessed(sample)


def _wide(head: bytes) -> Encoding | None:
    """UTF-16 without a mark shows as a zero in nearly every other byte."""
    even, odd = head[0:4096:2], head[1:4096:2]
    if len(odd) < 4:
        return None
    if odd.count(0) > 0.7 * len(odd) and even.count(0) < 0.1 * len(even):
        return Encoding("utf-16-le", "UTF-16 without byte order mark", errors="replace")
    if even.count(0) > 0.7 * len(even) and odd.count(0) < 0.1 * len(odd):
        return Encoding("utf-16-be", "UTF-16 without byte order mark", errors="replace")
    return None


def _utf8_evidence(place: Place) -> tuple[int, int, bytes]:
    """How many letters beyond ASCII are good UTF-8, how many bytes are not, and lines that hold such bytes."""
    valid = invalid = 0
    sample: list[bytes] = []
    held = 0
    with place.open() as file:
        while block := file.read(_CHUNK):
            block += file.readline()
            if block.isascii():
                continue
            text = block.decode("utf-8", "surrogateescape")
            strange = sum(1 for c in text if "\udc80" <= c <= "\udcff")
            invalid += strange
            valid += sum(1 for c in text if c > "\x7f") - strange
            if held < _SAMPLE:
                lines = [line for line in block.splitlines(keepends=True) if not line.isascii()]
                sample += lines
                held += sum(map(len, lines))
    return valid, invalid, b"".join(sample)[:_SAMPLE]


def _guessed(sample: bytes) -> Encoding:
    best = from_bytes(sample, cp_isolation=_LIKELY).best()
    # Few letters beyond ASCII prove nothing, and Western Windows is what a spreadsheet writes by default.
    telling = sum(1 for byte in sample if byte > 0x7F)
    codec = best.encoding if best is not None and telling >= 24 else "cp1252"
    if codec in _ALPHABETS:
        codec = _by_letters(sample)
    words = {"cp1252": "Windows-1252", "mac_roman": "Mac Roman"}.get(codec, codec.replace("cp", "Windows-"))
    return Encoding(codec, words, errors="replace")


# Letters beyond ASCII of languages, by the encoding of Windows they are written in. The first is the usual one.
_ALPHABETS = {
    "cp1252": ("àâæçèéêëîïôœùûüÿ", "äöüßé", "áéíóúüñ¿¡ªº", "áâãàçéêíóôõúü", "àèéìíîòóùú", "åäöæøéü", "áðéíóúýþæö"),
    "cp1250": ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "ăâîşţ", "čćđšž"),
    "cp1254": ("çğıiöşüâî",),
}
# Signs that stand in texts of any language, and the dot that a Turkish İ leaves.
_SIGNS = frozenset("€‚„…‰‘’“”•–—™§©«»®°±·µ\xa0\u0307")
_NEARLY_ALL = 0.95


def _by_letters(sample: bytes) -> str:
    """Windows-1252, unless the letters are those of one language of another, and of no Western one as nearly.

    All of them give letters to nearly every byte: “Hélène” read as Central European is “Hélčne”.
    """
    fits = {codec: _fit(sample, codec) for codec in _ALPHABETS}
    best = max(fits, key=lambda codec: fits[codec])
    return best if fits[best] >= _NEARLY_ALL else "cp1252"


def _fit(sample: bytes, codec: str) -> float:
    """The share of the letters beyond ASCII, read in ``codec``, that the alphabet which has the most of them has."""
    letters = [c for c in sample.decode(codec, "replace").lower() if c > "\x7f" and c not in _SIGNS]
    return max(sum(map(alphabet.__contains__, letters)) for alphabet in _ALPHABETS[codec]) / max(len(letters), 1)
