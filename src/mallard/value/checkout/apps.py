from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CheckoutConfig(AppConfig):
    name = "mallard.value.checkout"
    label = "checkout"
    verbose_name = _("Receipts")

    def ready(self) -> None:
        from mallard.kernel.help import topics
        from mallard.value.checkout import (
            finding,
            ledger_sources,
            member_panels,
            menu,
            tenant_panels,
        )

        menu.register()
        finding.register()
        topics.register({"checkout": "return-a-receipt"})
        topics.place("sales", "return-a-receipt")
        tenant_panels.register()
        member_panels.register()
        ledger_sources.register()
