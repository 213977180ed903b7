"""Wires the house together when Django starts."""

from __future__ import annotations

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """The last application: by the time it is ready, all rooms are."""

    name = "twostroke.site"
    label = "site"

    def ready(self) -> None:
        """Install the catalogue, the projections, the dialects of events and what workers do."""
        from twostroke.identity.actions import install_stores
        from twostroke.intake.actions import install_dialects
        from twostroke.ledger import catalogue, projecting, tail
        from twostroke.site import wiring
        from twostroke.worker import handlers

        catalogue.install(catalogue.Catalogue(wiring.all_kinds()))
        projecting.install(wiring.projections())
        tail.install(wiring.reactions())
        install_stores(wiring.personal_stores())
        install_dialects(wiring.dialects())
        handlers.install(wiring.job_handlers())
