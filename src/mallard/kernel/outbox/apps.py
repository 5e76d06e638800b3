from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    name = "mallard.kernel.outbox"
    label = "outbox"
    verbose_name = _("Events")

    def ready(self) -> None:
        # Consumers register where an app says what it announces and listens to.
        autodiscover_modules("events")
