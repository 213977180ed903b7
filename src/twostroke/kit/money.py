"""Money as integers in minor units; never a float (ISO 4217)."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation, localcontext

# ISO 4217 currencies whose minor unit is not the hundredth.
_EXPONENTS = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND"), 0),
    **dict.fromkeys(("VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}
# Codes in use, and those that older rates still name.
_CODES = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLF CLP
CNH CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR
ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP
MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG
SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYI UYU UYW UZS VED VES VND
VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG CYP EEK HRK LTL LVL MTL ROL SIT SKK TRL
"""
ISO_4217 = frozenset(_CODES.split())
LARGEST_MINOR = 2**53 - 1


def exponent(currency: str) -> int:
    """How many decimal places the currency has (2 for most, 0 for JPY, 3 for KWD)."""
    return _EXPONENTS.get(currency, 2)


def is_currency(code: str) -> bool:
    """Whether ``code`` has the form of an ISO 4217 code: three capital letters."""
    return len(code) == 3 and code.isascii() and code.isalpha() and code.isupper()


def to_minor(amount: str | Decimal, currency: str) -> int:
    """The amount in minor units, rounded half to even. Raises ``ValueError`` for what is no finite amount in range."""
    try:
        value = Decimal(amount)
        with localcontext() as context:
            context.prec = 60
            minor = int((value.scaleb(exponent(currency))).to_integral_value(rounding="ROUND_HALF_EVEN"))
    except (InvalidOperation, OverflowError, ValueError) as error:
        raise ValueError(f"not an amount of money: {amount!r}") from error
    if abs(minor) > LARGEST_MINOR:
        raise ValueError(f"too large an amount of money: {amount!r}")
    return minor


def to_decimal(minor: int, currency: str) -> Decimal:
    """The amount in major units, with as many decimal places as the currency has."""
    return Decimal(minor).scaleb(-exponent(currency))
