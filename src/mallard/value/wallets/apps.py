"""The Django app of what happens to points besides earning and spending."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WalletsConfig(AppConfig):
    name = "mallard.value.wallets"
    label = "wallets"
    verbose_name = _("Wallets")

    def ready(self) -> None:
        from mallard.kernel.help import topics
        from mallard.value.ledger.gates import register_spending_gate
        from mallard.value.wallets import asking, menu
        from mallard.value.wallets.queries import refuse_frozen

        register_spending_gate("frozen", refuse_frozen)
        asking.register()
        menu.register()
        topics.register({"wallets": "change-points"})
