"""One message as lines: the single translation that the file import and the intake server share. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from twostroke.connectors.segment import acts, mails, shop, who
from twostroke.connectors.segment.acts import Particular, Said
from twostroke.connectors.segment.event import Event, legal, opened
from twostroke.connectors.segment.facts import (
    CONSENT,
    NO_TYPE,
    NOBODY,
    NOT_A_MESSAGE,
    TYPES,
    UNDER_A_PUBLIC_KEY,
    RefusedError,
    Sender,
)
from twostroke.connectors.segment.kinds import OTHER, named_events, squeezed
from twostroke.identity.facts import Minter
from twostroke.kit.canonical import canonical_json
from twostroke.kit.ids import mac, opaque
from twostroke.ledger.catalogue import Catalogue
from twostroke.ledger.facts import Draft, Kind, Message, Trust

# A client stamps these anew whenever it tries again; fields that begin with _ are a library's own notes (LEDGER §1).
_STAMPED_ANEW = frozenset({"sentAt", "receivedAt", "writeKey"})
_MONEY = frozenset({"order", "subscription", "invoice", "payment", "deal"})
_READERS: tuple[tuple[tuple[str, ...], Particular], ...] = (
    (("mail.",), mails.mail),
    (("product.", "wishlist.", "review."), shop.looking),
    (("cart.", "coupon."), shop.cart),
    (("checkout.",), shop.checkout),
    (("order.",), shop.order),
)


class Translator:
    """Translates the messages of one sender. ``key`` is the installation's; ``minter`` keeps the ids that are made."""

    def __init__(self, catalogue: Catalogue, sender: Sender, minter: Minter, key: bytes) -> None:
        self.sender, self.minter, self._key = sender, minter, key
        self._catalogue = catalogue
        self._named = named_events(catalogue)

    def message(self, event: Any, *, received_at: int, name: str = "", news: bool = True) -> Message:
        """An event received just now (ms since 1970 UTC) as a message for the log.

        Its id is the HMAC of ``messageId`` (which may hold anything), of ``name`` where that is missing, else of its
        content. Raises ``RefusedError`` with a code that never changes.
        """
        body = self.body_hash(event)
        said = self.message_id(event) or name or body
        drafts = self.drafts(event, key=said, received_at=received_at)
        return Message(self.sender.source, self._opaque(said), body, drafts, self.sender.trust, news=news)

    def name_on_log(self, event: Any, name: str = "") -> str:
        """The id an event has on the log, whether it can be read or not; ``name`` where it brings none."""
        return self._opaque(self.message_id(event) or name)

    def _opaque(self, said: str) -> str:
        return opaque(self._key, "message", self.sender.source, said)

    def drafts(self, event: Any, *, key: str, received_at: int | None = None) -> tuple[Draft, ...]:
        """The lines of an event. ``key`` names what has no id of its own; ``received_at`` is None for a file's rows.

        Raises ``RefusedError``.
        """
        one = opened(event, received_at, self.sender, self.minter, key)
        drafts = self._by_type(event, one)
        if self.sender.trust is Trust.CLAIMED and any(map(_needs_a_secret, drafts)):
            raise RefusedError(
                UNDER_A_PUBLIC_KEY,
                "Money and consent count only from a server: send this event with a secret key.",
            )
        return tuple(drafts)

    def message_id(self, event: Any) -> str:
        """The sender's own id of an event, ``""`` where there is none or it is a placeholder."""
        return legal(event.get("messageId")) if isinstance(event, dict) else ""

    def body_hash(self, event: Any) -> str:
        """HMAC of an event as received, the same for each of its retries (LEDGER §1). Raises ``RefusedError``."""
        if not isinstance(event, dict):
            raise RefusedError(NOT_A_MESSAGE, "It is no JSON object: a message is one, with type, ids and properties.")
        kept = {name: v for name, v in event.items() if name not in _STAMPED_ANEW and not name.startswith("_")}
        try:
            return mac(self._key, b"event\n" + canonical_json(kept))
        except (ValueError, RecursionError) as error:
            raise RefusedError(NOT_A_MESSAGE, "It holds what JSON cannot say, such as half a character.") from error

    def _by_type(self, message: Mapping[str, Any], event: Event) -> list[Draft]:
        said = message.get("type")
        kind = said.strip().lower() if isinstance(said, str) else ""
        if not kind and isinstance(message.get("event"), str):
            kind = "track"
        if kind == "identify":
            return who.identify(event)
        if kind == "group":
            return who.group(event, message.get("groupId"))
        if kind == "alias":
            return who.alias(event, message.get("previousId"))
        if kind not in TYPES:
            raise RefusedError(NO_TYPE, f"Its type is missing or none of {', '.join(TYPES)}.")
        name = message.get("event" if kind == "track" else "name")
        name = name.strip() if isinstance(name, str) else event.fields.text("name") if kind != "track" else ""
        return self._joined(event, self._act(kind, event, name))

    def _joined(self, event: Event, drafts: list[Draft]) -> list[Draft]:
        """The lines of an act, and before them that its several ids are one person's: whoever says so is believed as
        far as the sender is. A mail says only which address it went to."""
        if len(event.whom.ids) < 2 or drafts[0].subject_kind == "mail":
            return drafts
        return [who.claimed(event, event.company), *drafts]

    def _act(self, type_: str, event: Event, name: str) -> list[Draft]:
        kinds = self._catalogue.kind
        if type_ == "page":
            return self._page(event, name)
        if type_ == "screen":
            return acts.screen(event, kinds("screen.viewed"), name)
        if not name:
            raise RefusedError(NO_TYPE, "A track call needs the name of its event.")
        event.event_name = squeezed(name)
        if event.event_name == squeezed(CONSENT):
            return _consents(event)
        kind = self._named.get(event.event_name)
        if kind is None:
            return acts.other(event, kinds(OTHER), name)
        if kind.name == "page.viewed":
            return self._page(event, "")
        return _tracked(event, kind)

    def _page(self, event: Event, name: str) -> list[Draft]:
        kinds = self._catalogue.kind
        return [*acts.page(event, kinds("page.viewed"), name), *acts.ad_click(event, kinds("ad.clicked"))]


def _tracked(event: Event, kind: Kind) -> list[Draft]:
    said = Said()
    particular = acts.PARTICULAR.get(kind.name)
    if particular is not None:
        particular(event, kind, said)
    for beginnings, read in _READERS:
        if kind.name.startswith(beginnings):
            read(event, kind, said)
    acts.declared(kind, event.fields, said)
    return acts.line(event, kind, said)


def _consents(event: Event) -> list[Draft]:
    """What a consent banner was told, a line a purpose. Source: Segment, Consent in Segment, context.consent."""
    who_said = event.whom.leading
    if who_said is None:
        raise RefusedError(NOBODY, "It names nobody: userId and anonymousId are missing or placeholders.")
    chosen = event.context.within("consent").first("categoryPreferences")
    drafts = []
    for purpose, given in (chosen if isinstance(chosen, dict) else {}).items():
        if not isinstance(given, bool) or not legal(purpose):
            continue
        told = {"purpose": purpose, "how": "form"} | ({"basis": "consent"} if given else {})
        kind = "consent.given" if given else "consent.withdrawn"
        drafts.append(Draft(kind, "person", who_said, *event.when, who_said, properties=told))
    if not drafts:
        raise RefusedError(
            NOT_A_MESSAGE, "It says no consent: context.consent.categoryPreferences is missing or empty."
        )
    return drafts


def _needs_a_secret(draft: Draft) -> bool:
    return draft.amount_minor is not None or draft.kind.startswith("consent.") or draft.subject_kind in _MONEY
