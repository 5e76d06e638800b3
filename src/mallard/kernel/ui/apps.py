from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "mallard.kernel.ui"
    label = "ui"
