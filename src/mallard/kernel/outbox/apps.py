from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class OutboxConfig(AppConfig):
    name = "mallard.kernel.outbox"
    label = "outbox"

    def ready(self) -> None:
        # Consumers register where an app says what it announces and listens to.
        autodiscover_modules("events")
