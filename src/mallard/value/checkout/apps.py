from django.apps import AppConfig


class CheckoutConfig(AppConfig):
    name = "mallard.value.checkout"
    label = "checkout"

    def ready(self) -> None:
        from mallard.value.checkout import menu

        menu.register()
