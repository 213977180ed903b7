"""Who listens to what, and which kinds exist: the only such list. Loads no Django by itself."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from twostroke.campaigns import facts as campaigns
from twostroke.deals import facts as deals
from twostroke.identity import facts as identity
from twostroke.intake import facts as intake
from twostroke.intake.facts import Dialect
from twostroke.ledger import facts as ledger
from twostroke.ledger.facts import Kind, Trust
from twostroke.queue.facts import Leased
from twostroke.relay import facts as relay
from twostroke.voice import facts as voice

if TYPE_CHECKING:
    from twostroke.identity.facts import Minter
    from twostroke.kit.personal import Store
    from twostroke.ledger.projecting import Projection
    from twostroke.ledger.tail import Reaction


def kinds_by_room() -> dict[str, tuple[Kind, ...]]:
    """The kinds each room declares, by the room's name, from the ground up."""
    return {
        "ledger": ledger.KINDS,
        "identity": identity.KINDS,
        "intake": intake.KINDS,
        "campaigns": campaigns.KINDS,
        "relay": relay.KINDS,
        "deals": deals.KINDS,
        "voice": voice.KINDS,
    }


def all_kinds() -> tuple[Kind, ...]:
    """Every kind of line there is, for ``Catalogue(all_kinds())``."""
    return tuple(kind for kinds in kinds_by_room().values() for kind in kinds)


def projections() -> list[Projection]:
    """The projections in the order they are folded. Needs Django to be ready."""
    from twostroke.deals.projection import DEALS
    from twostroke.identity.projection import PROJECTIONS as WHO_IS_WHO
    from twostroke.intake.projection import VERDICTS
    from twostroke.relay.projection import STANDINGS

    return [VERDICTS, *WHO_IS_WHO, DEALS, STANDINGS]


def reactions() -> list[Reaction]:
    """What rooms do when somebody else's line appears, told in this order. None does anything yet."""
    return []


def personal_stores() -> list[Store]:
    """Every place where something personal is kept, in the order it is erased. Needs Django to be ready.

    Files and registers first, then the log, and the identifiers last: until they go, a person can be found again.
    """
    from twostroke.connectors.files import personal as files
    from twostroke.deals import personal as deals
    from twostroke.identity import erasing as identity
    from twostroke.intake import personal as intake
    from twostroke.ledger import personal as ledger
    from twostroke.queue import personal as queue
    from twostroke.relay import personal as relay

    rooms = (intake, files, queue, deals, relay, ledger, identity)
    return [store for room in rooms for store in room.stores()]


def job_handlers() -> dict[str, Callable[[Leased], None]]:
    """What the worker does, by kind of job. Needs Django to be ready; a room is loaded when its first job comes."""

    def run_import(leased: Leased) -> None:
        from twostroke.connectors.files.actions import run_registered

        run_registered(str(leased.payload["import_id"]))

    def undo_import(leased: Leased) -> None:
        from twostroke.intake.actions import ImportRefusedError, undo

        with suppress(ImportRefusedError):  # taken back by somebody else in the meantime
            undo(import_id=str(leased.payload["import_id"]), by=str(leased.payload["by"]))

    return {"import.run": run_import, "import.undo": undo_import}


def dialects() -> dict[str, Dialect]:
    """How events that come over HTTP may be spelled, by the name an address knows. Needs Django to be ready."""
    from django.conf import settings

    from twostroke.connectors.posthog.facts import PosthogReader
    from twostroke.connectors.segment.facts import Sender
    from twostroke.connectors.segment.translate import Translator
    from twostroke.ledger.catalogue import current
    from twostroke.ledger.queries import reporting_currency

    def segment(source: str, trust: Trust, minter: Minter) -> Translator:
        sender = Sender(source, trust, reporting_currency())
        return Translator(current(), sender, minter, settings.TWOSTROKE_KEY)

    def posthog(source: str, trust: Trust, minter: Minter) -> PosthogReader:
        return PosthogReader(segment(source, trust, minter))

    return {"segment": segment, "posthog": posthog}
