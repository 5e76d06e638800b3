from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "mallard.kernel.mail"
    label = "mail"
