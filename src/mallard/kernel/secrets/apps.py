from django.apps import AppConfig


class SecretsConfig(AppConfig):
    name = "mallard.kernel.secrets"
    label = "secrets"
