from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SecurityConfig(AppConfig):
    name = "mallard.kernel.security"
    label = "security"
    verbose_name = _("Security check")

    def ready(self) -> None:
        from mallard.kernel.health.permissions import VIEW_HEALTH
        from mallard.kernel.help import topics
        from mallard.kernel.security import probes
        from mallard.kernel.ui import navigation
        from mallard.kernel.workspace.notifications import Kind, register

        probes.register()
        register(
            Kind(
                "security.found",
                _("The weekly security check found something. Faults: %(faults)s."),
                icon="alert-triangle",
                tone="warning",
            )
        )
        navigation.register(
            navigation.Entry(
                "settings", _("Security check"), "security:report", VIEW_HEALTH, order=61
            )
        )
        topics.register({"security": "check-security"})
        topics.place("settings", "check-security")
