"""Twostroke: sales and marketing as one engine, on one shared log."""

__version__ = "0.1.0"
