"""The Django app that holds value: accounts and transfers, nothing else does."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LedgerConfig(AppConfig):
    name = "mallard.value.ledger"
    label = "ledger"
    verbose_name = _("Ledger")

    def ready(self) -> None:
        from mallard.value.ledger import copying

        copying.register()
        from mallard.kernel.help import topics
        from mallard.value.ledger import health, menu, panels, stories

        menu.register()
        topics.register({"ledger": "ledger"})
        panels.register()
        stories.register()
        health.register()
