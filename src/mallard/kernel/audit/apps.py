from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "mallard.kernel.audit"
    label = "audit"
