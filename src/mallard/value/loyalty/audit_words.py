"""The audit log in words: what this app notes there."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from mallard.kernel.audit import words

words.of_actions(
    {
        "loyalty.set_up_programme": pgettext_lazy("audit", "Points programme set up"),
        "loyalty.change_programme": pgettext_lazy("audit", "Points programme changed"),
        "loyalty.set_tier_scheme": pgettext_lazy("audit", "Tiers set"),
        "loyalty.add_tier": pgettext_lazy("audit", "Tier added"),
        "loyalty.rename_tier": pgettext_lazy("audit", "Tier renamed"),
        "loyalty.give_tier": pgettext_lazy("audit", "Tier given"),
        "loyalty.end_given_tier": pgettext_lazy("audit", "Given tier ended"),
        "loyalty.give_tiers": pgettext_lazy("audit", "Tiers given"),
        "loyalty.end_given_tiers": pgettext_lazy("audit", "Given tiers ended"),
        "loyalty.add_benefit": pgettext_lazy("audit", "Benefit added"),
        "loyalty.end_benefit": pgettext_lazy("audit", "Benefit ended"),
        "loyalty.set_earning_rule": pgettext_lazy("audit", "Earning rule set"),
        "loyalty.end_earning_rule": pgettext_lazy("audit", "Earning rule ended"),
        "loyalty.set_points_budget": pgettext_lazy("audit", "Points budget set"),
        "loyalty.draft_what_if": pgettext_lazy("audit", "What-if drafted"),
        "loyalty.start_what_if": pgettext_lazy("audit", "What-if started"),
    }
)
words.of_subjects(
    {
        "programme": pgettext_lazy("audit subject", "Points programme"),
        "tier": pgettext_lazy("audit subject", "Tier"),
        "tier_scheme": pgettext_lazy("audit subject", "Tiers"),
        "tier_override": pgettext_lazy("audit subject", "Given tier"),
        "benefit": pgettext_lazy("audit subject", "Benefit"),
        "earning_rule": pgettext_lazy("audit subject", "Earning rule"),
        "points_budget": pgettext_lazy("audit subject", "Points budget"),
        "what_if": pgettext_lazy("audit subject", "What-if"),
    }
)
words.of_actors(
    {
        "loyalty": pgettext_lazy("audit actor", "Points programme"),
    }
)
words.of_fields(
    {
        "per_minor": pgettext_lazy("audit field", "For each amount in minor units"),
        "tenant_share_bp": pgettext_lazy("audit field", "Tenant's share in basis points"),
        "terms": pgettext_lazy("audit field", "Terms"),
        "limit_points": pgettext_lazy("audit field", "Limit in points"),
        "levels": pgettext_lazy("audit field", "Levels"),
        "grace_days": pgettext_lazy("audit field", "Days of grace"),
        "maturing_days": pgettext_lazy("audit field", "Days until points can be spent"),
        "expiry_months": pgettext_lazy("audit field", "Months until points expire"),
        "point_cost_micro": pgettext_lazy(
            "audit field", "Cost of a point in millionths of a minor unit"
        ),
        "renamed_on": pgettext_lazy("audit field", "Renamed on"),
        "segment": pgettext_lazy("audit field", "For whom"),
        "tier": pgettext_lazy("audit field", "Tier"),
        "value_per_minor": pgettext_lazy("audit field", "Qualifying value per amount"),
        "value_per_visit": pgettext_lazy("audit field", "Qualifying value per visit"),
        "window": pgettext_lazy("audit field", "Window"),
    },
    app_label="loyalty",
)
