from django.apps import AppConfig


class CheckoutConfig(AppConfig):
    name = "mallard.value.checkout"
    label = "checkout"
