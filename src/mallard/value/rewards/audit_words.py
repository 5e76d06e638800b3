"""The audit log in words: what this app notes there."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from mallard.kernel.audit import words

words.of_actions(
    {
        "rewards.redeemed_without_code": pgettext_lazy(
            "audit", "Reward redeemed without the member's code"
        ),
        "rewards.redemption_cancelled": pgettext_lazy("audit", "Redemption cancelled"),
        "rewards.history_recorded": pgettext_lazy("audit", "Past redemptions recorded"),
    }
)
words.of_rows(
    "rewards",
    {
        "desk": pgettext_lazy("audit subject", "Reward desk"),
        "reward": pgettext_lazy("audit subject", "Reward"),
    },
)
words.of_subjects(
    {
        "redemption": pgettext_lazy("audit subject", "Redemption"),
    }
)
words.of_actors(
    {
        "lapse redemptions": pgettext_lazy("audit actor", "Lapse of redemptions"),
        "watch what points are worth": pgettext_lazy(
            "audit actor", "Watching what points are worth"
        ),
    }
)
words.of_fields(
    {
        "about_en": pgettext_lazy("audit field", "Description in English"),
        "about_zh": pgettext_lazy("audit field", "Description in Chinese"),
        "price_minor": pgettext_lazy("audit field", "Price in minor units"),
        "cost_minor": pgettext_lazy("audit field", "Cost in minor units"),
        "funder_kind": pgettext_lazy("audit field", "Kind of who pays"),
        "funder_id": pgettext_lazy("audit field", "Who pays"),
        "is_counted": pgettext_lazy("audit field", "Stock is counted"),
        "least_tier": pgettext_lazy("audit field", "Least tier"),
        "member_limit": pgettext_lazy("audit field", "Limit for a member"),
        "limit_days": pgettext_lazy("audit field", "Within days"),
        "hold_minutes": pgettext_lazy("audit field", "Minutes held"),
        "collect_days": pgettext_lazy("audit field", "Days to collect it"),
        "keeps_uncollected": pgettext_lazy("audit field", "Points stay spent"),
        "desk_id": pgettext_lazy("audit field", "Desk"),
        "reward_id": pgettext_lazy("audit field", "Reward"),
        "is_goods_back": pgettext_lazy("audit field", "Goods came back"),
        "recorded": pgettext_lazy("audit field", "Recorded"),
    },
    app_label="rewards",
)
words.of_records(
    {
        "desk": words.attribute_of("rewards.Desk", "full_name"),
        "reward": words.attribute_of("rewards.Reward", "name"),
    }
)
