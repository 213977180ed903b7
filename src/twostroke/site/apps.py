"""Wires the house together when Django starts."""

from __future__ import annotations

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """The last application: by the time it is ready, all rooms are."""

    name = "twostroke.site"
    label = "site"

    def ready(self) -> None:
        """Install the catalogue and the projections."""
        from twostroke.ledger import catalogue, projecting
        from twostroke.site import wiring

        catalogue.install(catalogue.Catalogue(wiring.all_kinds()))
        projecting.install(wiring.projections())
