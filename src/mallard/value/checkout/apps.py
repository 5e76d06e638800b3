from django.apps import AppConfig


class CheckoutConfig(AppConfig):
    name = "mallard.value.checkout"
    label = "checkout"

    def ready(self) -> None:
        from mallard.value.checkout import (
            ledger_sources,
            member_panels,
            menu,
            tenant_panels,
        )

        menu.register()
        tenant_panels.register()
        member_panels.register()
        ledger_sources.register()
