"""What travels between deals and the other rooms. Kinds of lines stand in ``KINDS``."""

from __future__ import annotations

from twostroke.deals.kinds.buying import PAYING, SHOPPING
from twostroke.deals.kinds.selling import DEALING, TALKING
from twostroke.ledger.facts import Kind

KINDS: tuple[Kind, ...] = (*SHOPPING, *TALKING, *DEALING, *PAYING)
