"""What members earn and what points buy in the world of the permission matrix."""

from __future__ import annotations

import datetime as dt
from typing import Any

from mallard.kernel.access.actor import system
from mallard.kernel.clock import now
from mallard.value.loyalty.services import (
    BudgetInput,
    EarningRuleInput,
    TierInput,
    set_earning_rule,
    set_points_budget,
    set_up_programme,
)
from mallard.value.loyalty.whatif.services import draft_what_if
from mallard.value.rewards import services as rewards
from mallard.value.rewards.inputs import RewardInput

MAKER = system("permission matrix")
RULE = "base"
BUDGET = "spring"


def a_programme() -> None:
    """One tier, one rule, a budget, and a draft of what would be otherwise."""
    set_up_programme(
        code="club",
        name_en="Club",
        name_zh="会员",
        currency="USD",
        maturing_days=0,
        expiry_months=12,
        point_cost_micro=10_000,
        tiers=[TierInput("member", "Member", "会员", 0, 0, 0)],
        actor=MAKER,
    )
    started_at = now() - dt.timedelta(days=365)
    set_earning_rule(
        EarningRuleInput(RULE, "Base points", "基础积分", 1, 100, 5_000, started_at), actor=MAKER
    )
    set_points_budget(BudgetInput(BUDGET, "Spring", "春季", 1_000), actor=MAKER)
    day = started_at.date()
    draft_what_if(name="Try", first_day=day, last_day=day, tiers=[], left_out=[], actor=MAKER)


def a_reward(mall: Any) -> Any:
    """What 10 points buy anywhere."""
    return rewards.create_reward(
        RewardInput(
            code="PM-G",
            kind="goods",
            name_en="Mug",
            points=10,
            currency="USD",
            funder_kind="mall",
            funder_id=mall.id,
        ),
        actor=MAKER,
    )
