"""Writes of the programme, and the loyalty part of a checkout batch."""

from mallard.value.loyalty.services.assessing import (
    SOURCE_KIND,
    Assessable,
    assess_afresh,
    assess_receipts,
    reassess_receipts,
)
from mallard.value.loyalty.services.budgets import Budgets
from mallard.value.loyalty.services.earning_rules import (
    BudgetInput,
    end_earning_rule,
    set_earning_rule,
    set_points_budget,
)
from mallard.value.loyalty.services.granting import (
    check_in,
    grant_for_joining,
    grant_for_profiles,
)
from mallard.value.loyalty.services.programme import (
    EarningRuleInput,
    TierInput,
    change_programme,
    require_whole_group,
    set_up_programme,
)
from mallard.value.loyalty.services.referring import settle_referrals
from mallard.value.loyalty.services.telling import look_at_tiers, mark_tiers, watch_everybody
from mallard.value.loyalty.services.tier_list import NewTier, add_tier, rename_tier
from mallard.value.loyalty.services.tiers import (
    BenefitInput,
    TierGift,
    add_benefit,
    end_benefit,
    end_given_tier,
    end_given_tiers,
    give_tier,
    give_tiers,
    set_tier_scheme,
)

__all__ = [
    "SOURCE_KIND",
    "Assessable",
    "BenefitInput",
    "BudgetInput",
    "Budgets",
    "EarningRuleInput",
    "NewTier",
    "TierGift",
    "TierInput",
    "add_benefit",
    "add_tier",
    "assess_afresh",
    "assess_receipts",
    "change_programme",
    "check_in",
    "end_benefit",
    "end_earning_rule",
    "end_given_tier",
    "end_given_tiers",
    "give_tier",
    "give_tiers",
    "grant_for_joining",
    "grant_for_profiles",
    "look_at_tiers",
    "mark_tiers",
    "reassess_receipts",
    "rename_tier",
    "require_whole_group",
    "set_earning_rule",
    "set_points_budget",
    "set_tier_scheme",
    "set_up_programme",
    "settle_referrals",
    "watch_everybody",
]
