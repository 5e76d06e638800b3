from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HealthConfig(AppConfig):
    name = "mallard.kernel.health"
    label = "health"
    verbose_name = _("Health")

    def ready(self) -> None:
        from mallard.kernel.health import checks
        from mallard.kernel.health.permissions import VIEW_HEALTH
        from mallard.kernel.ui import navigation

        checks.register()
        navigation.register(
            navigation.Entry("settings", _("Health"), "health:health", VIEW_HEALTH, order=60)
        )
