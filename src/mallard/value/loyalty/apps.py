from django.apps import AppConfig


class LoyaltyConfig(AppConfig):
    name = "mallard.value.loyalty"
    label = "loyalty"

    def ready(self) -> None:
        from mallard.value.loyalty import menu, verification

        menu.register()
        verification.register()
