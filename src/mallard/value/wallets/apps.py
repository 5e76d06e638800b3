"""The Django app of what happens to points besides earning and spending."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WalletsConfig(AppConfig):
    name = "mallard.value.wallets"
    label = "wallets"
    verbose_name = _("Wallets")

    def ready(self) -> None:
        from mallard.value.wallets import copying

        copying.register()
        from mallard.kernel.help import topics
        from mallard.value.ledger.gates import register_spending_gate
        from mallard.value.wallets import asking, menu, portal_panels, stories
        from mallard.value.wallets.queries import refuse_frozen, refuse_spending_early

        register_spending_gate("frozen", refuse_frozen)
        register_spending_gate("cooling", refuse_spending_early)
        asking.register()
        menu.register()
        stories.register()
        portal_panels.register()
        topics.register({"wallets": "change-points"})
        topics.place("loyalty", "change-points")
