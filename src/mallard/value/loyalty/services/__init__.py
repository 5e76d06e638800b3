"""Writes of the programme, and the loyalty part of a checkout batch."""

from mallard.value.loyalty.services.assessing import (
    Assessable,
    assess_receipts,
    reassess_receipts,
)
from mallard.value.loyalty.services.programme import (
    EarningRuleInput,
    TierInput,
    set_earning_rule,
    set_up_programme,
)

__all__ = [
    "Assessable",
    "EarningRuleInput",
    "TierInput",
    "assess_receipts",
    "reassess_receipts",
    "set_earning_rule",
    "set_up_programme",
]
