"""What travels between campaigns and the other rooms. Kinds of lines stand in ``KINDS``."""

from __future__ import annotations

from twostroke.campaigns.kinds import REACHING_OUT, VISITING
from twostroke.ledger.facts import Kind

KINDS: tuple[Kind, ...] = (*VISITING, *REACHING_OUT)
