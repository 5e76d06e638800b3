"""Pure decisions: which rule a line falls under, what a receipt earns, which tier a day gives.

Earning depends on the receipt, the rules at its time, the tier at the start of its business day,
and, where a rule has a limit, on the person's other receipts in the order in which they happened.
That is why the order in which facts arrive does not matter. Only a budget, which all members
share, is first come, first served.
"""

from __future__ import annotations

from mallard.value.loyalty.rules.attribution import Attribution, Goods, attribute
from mallard.value.loyalty.rules.earning import (
    Allowances,
    Circumstances,
    Earning,
    Part,
    earn,
    earn_in_order,
)
from mallard.value.loyalty.rules.terms import (
    BASIS_POINTS,
    CAPPED_BY_TIME,
    PLAIN,
    Basis,
    Birthday,
    Kind,
    Scope,
    Terms,
    TermsInvalid,
)
from mallard.value.loyalty.rules.tiers import TierLevel, add_months
from mallard.value.loyalty.rules.versions import Place, RuleBook, RuleVersion, When, specificity

__all__ = [
    "BASIS_POINTS",
    "CAPPED_BY_TIME",
    "PLAIN",
    "Allowances",
    "Attribution",
    "Basis",
    "Birthday",
    "Circumstances",
    "Earning",
    "Goods",
    "Kind",
    "Part",
    "Place",
    "RuleBook",
    "RuleVersion",
    "Scope",
    "Terms",
    "TermsInvalid",
    "TierLevel",
    "When",
    "add_months",
    "attribute",
    "earn",
    "earn_in_order",
    "specificity",
]
