from django.apps import AppConfig


class CheckoutConfig(AppConfig):
    name = "mallard.value.checkout"
    label = "checkout"

    def ready(self) -> None:
        from mallard.value.checkout import member_panels, menu

        menu.register()
        member_panels.register()
