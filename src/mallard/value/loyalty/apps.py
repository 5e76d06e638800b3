from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LoyaltyConfig(AppConfig):
    name = "mallard.value.loyalty"
    label = "loyalty"
    verbose_name = _("Loyalty")

    def ready(self) -> None:
        from mallard.kernel.help import topics
        from mallard.value.loyalty import ledger_sources, menu, verification

        ledger_sources.register()
        menu.register()
        topics.register({"loyalty": "change-the-points-rules"})
        verification.register()
