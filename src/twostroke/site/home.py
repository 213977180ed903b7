"""The home, under the name settings use."""

from twostroke.kit.home import Home

__all__ = ["Home"]
