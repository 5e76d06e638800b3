"""The Django app that brings points and tiers over from another system."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MigrationConfig(AppConfig):
    name = "mallard.value.migration"
    label = "migration"
    verbose_name = _("Migration from another system")

    def ready(self) -> None:
        from mallard.value.migration import copying

        copying.register()
        from mallard.kernel.help import topics
        from mallard.value.migration import ledger_sources, menu, verification

        ledger_sources.register()
        menu.register()
        topics.register({"migration": "migrate-from-another-system"})
        topics.place("settings", "migrate-from-another-system")
        verification.register()
