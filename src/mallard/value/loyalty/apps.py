from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

_ABOUT_RULES = (
    "loyalty:new_rule", "loyalty:rule", "loyalty:change_rule", "loyalty:end_rule",
    "loyalty:new_budget", "loyalty:change_budget",
)  # fmt: skip
_ABOUT_TIERS = (
    "loyalty:change_tiers", "loyalty:new_tier", "loyalty:rename_tier",
    "loyalty:end_given", "loyalty:new_benefit", "loyalty:end_benefit",
    "loyalty:member_tier", "loyalty:give_tier",
)  # fmt: skip
_ABOUT_WHAT_IFS = ("loyalty:what_ifs", "loyalty:new_what_if", "loyalty:what_if")


class LoyaltyConfig(AppConfig):
    name = "mallard.value.loyalty"
    label = "loyalty"
    verbose_name = _("Loyalty")

    def ready(self) -> None:
        from mallard.value.loyalty import copying

        copying.register()
        from mallard.kernel.help import topics
        from mallard.value.loyalty import (  # noqa: F401 listens
            ledger_sources,
            list_segments,
            listening,
            menu,
            stories,
            verification,
        )

        ledger_sources.register()
        list_segments.register()
        menu.register()
        stories.register()
        topics.register(
            {
                "loyalty": "change-the-points-rules",
                **dict.fromkeys(_ABOUT_RULES, "make-an-earning-rule"),
                **dict.fromkeys(_ABOUT_TIERS, "set-tiers"),
                **dict.fromkeys(_ABOUT_WHAT_IFS, "what-if"),
            }
        )
        topics.place(
            "loyalty",
            "change-the-points-rules",
            "make-an-earning-rule",
            "reward-bringing-friends",
            "set-tiers",
            "what-if",
        )
        verification.register()
