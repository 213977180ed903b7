"""Values in words: money, moments, numbers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template
from django.template import Context
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from twostroke.kit.money import to_decimal
from twostroke.kit.time import iso, now_millis, to_datetime
from twostroke.ledger.facts import Precision
from twostroke.ledger.queries import zone
from twostroke.web.telling import GLYPHS, stage_words

register = template.Library()

_DAY_S = 86_400
_STEPS = ((60, 1, "s"), (3600, 60, "min"), (_DAY_S, 3600, "h"), (60 * _DAY_S, _DAY_S, "d"))


@register.simple_tag
def money(minor: int | None, currency: str | None) -> str:
    """``EUR 18,400``; decimals only where they are not nought; an en dash where no amount is known."""
    if minor is None or currency is None:
        return "\u2013"
    amount = to_decimal(minor, currency)
    places = 0 if amount == amount.to_integral_value() else None
    return f"{currency}\u00a0{number_format(amount, decimal_pos=places, force_grouping=True)}"


@register.filter
def grouped(value: Any) -> str:
    """A number with its thousands apart, as the locale has it."""
    if value is None or value == "":
        return "\u2013"
    number = value if isinstance(value, int | Decimal) else Decimal(str(value))
    if isinstance(number, Decimal) and number == number.to_integral_value():
        number = int(number)
    return number_format(number, force_grouping=True)


def _zone(context: Context) -> str:
    request = context.get("request")
    if request is None:
        return zone()
    if not hasattr(request, "installation_zone"):
        request.installation_zone = zone()
    return str(request.installation_zone)


@register.simple_tag(takes_context=True)
def moment(context: Context, at: int | None, precision: str = "ms") -> SafeString | str:
    """The instant in the installation's zone, as exactly as it is known; ``time unknown`` where it is not."""
    if at is None or precision == Precision.UNKNOWN:
        return _("time unknown")
    if precision == Precision.DAY:
        day = to_datetime(at)
        return format_html('<time datetime="{}">{}</time>', f"{day:%Y-%m-%d}", date_format(day.date(), "j M Y"))
    when = to_datetime(at, _zone(context))
    return format_html('<time datetime="{}">{}</time>', iso(at), date_format(when.replace(tzinfo=None), "j M Y, H:i"))


@register.simple_tag(takes_context=True)
def day(context: Context, at: int | None, precision: str = "day") -> SafeString | str:
    """The civil day of the instant; an en dash where it is unknown."""
    if at is None or precision == Precision.UNKNOWN:
        return "\u2013"
    when = to_datetime(at, "UTC" if precision == Precision.DAY else _zone(context))
    return format_html('<time datetime="{}">{}</time>', f"{when:%Y-%m-%d}", date_format(when.date(), "j M Y"))


@register.filter
def ago(at: int | None) -> str:
    """How long since, in one unit: ``4 min``, ``3 d``, ``2 y``; an en dash where unknown."""
    if at is None:
        return "\u2013"
    seconds = max(0, (now_millis() - at) // 1000)
    for below, unit, name in _STEPS:
        if seconds < below:
            return f"{seconds // unit} {name}"
    months = seconds // (30 * _DAY_S)
    return f"{months} mo" if months < 24 else f"{seconds // (365 * _DAY_S)} y"


@register.filter
def glyph(team: str) -> str:
    """The team's mark, told apart by shape as well as colour."""
    return GLYPHS.get(team, "·")


@register.filter
def stage(value: str | None) -> str:
    """A stage of the lifecycle as people write it."""
    return stage_words(value)
