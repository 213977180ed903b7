"""How the tables of who is who follow from lines: their only writers, live and in ``rebuild`` alike."""

from twostroke.identity.projection.consents import Consents
from twostroke.identity.projection.descriptions import Descriptions
from twostroke.identity.projection.members import Members

PROJECTIONS = (Members(), Descriptions(), Consents())

__all__ = ["PROJECTIONS", "Consents", "Descriptions", "Members"]
