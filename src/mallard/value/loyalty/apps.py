from django.apps import AppConfig


class LoyaltyConfig(AppConfig):
    name = "mallard.value.loyalty"
    label = "loyalty"
