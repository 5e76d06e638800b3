"""The Django app of what points buy."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RewardsConfig(AppConfig):
    name = "mallard.value.rewards"
    label = "rewards"
    verbose_name = _("Rewards")

    def ready(self) -> None:
        from mallard.value.rewards import copying

        copying.register()
        from mallard.kernel.help import topics
        from mallard.value.rewards import (
            alerts,
            finding,
            kinds,
            ledger_sources,
            member_panels,
            menu,
            verification,
        )

        alerts.register()
        finding.register()
        kinds.register()
        menu.register()
        member_panels.register()
        ledger_sources.register()
        verification.register()
        topics.register(
            {"rewards": "redeem-a-reward", "rewards:liability": "guard-the-value-of-points"}
        )
        topics.place("service", "redeem-a-reward", "take-member-codes")
        topics.place("loyalty", "guard-the-value-of-points")
