"""Writes of the programme, and the loyalty part of a checkout batch."""

from mallard.value.loyalty.services.assessing import (
    SOURCE_KIND,
    Assessable,
    assess_receipts,
    reassess_receipts,
)
from mallard.value.loyalty.services.programme import (
    EarningRuleInput,
    TierInput,
    require_whole_group,
    set_earning_rule,
    set_up_programme,
)

__all__ = [
    "SOURCE_KIND",
    "Assessable",
    "EarningRuleInput",
    "TierInput",
    "assess_receipts",
    "reassess_receipts",
    "require_whole_group",
    "set_earning_rule",
    "set_up_programme",
]
