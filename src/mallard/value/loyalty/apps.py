from django.apps import AppConfig


class LoyaltyConfig(AppConfig):
    name = "mallard.value.loyalty"
    label = "loyalty"

    def ready(self) -> None:
        from mallard.value.loyalty import ledger_sources, menu, verification

        ledger_sources.register()
        menu.register()
        verification.register()
