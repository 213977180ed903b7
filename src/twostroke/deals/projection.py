"""Deals follow from their own lines."""

from __future__ import annotations

from twostroke.deals.models import Deal
from twostroke.deals.rules import KINDS, fold_deal
from twostroke.ledger.projecting import SubjectProjection

DEALS = SubjectProjection(name="deals.deal", model=Deal, kinds=KINDS, fold_one=fold_deal, subject_kind="deal")
