from django.apps import AppConfig


class CheckoutConfig(AppConfig):
    name = "mallard.value.checkout"
    label = "checkout"

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
        tenant_panels.register()
        member_panels.register()
        ledger_sources.register()
