from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FaultsConfig(AppConfig):
    name = "mallard.kernel.faults"
    label = "faults"
    verbose_name = _("Errors")

    def ready(self) -> None:
        from django.core.signals import got_request_exception

        from mallard.kernel.environment import environment
        from mallard.kernel.faults import telemetry
        from mallard.kernel.faults.listening import on_page_error
        from mallard.kernel.health.permissions import VIEW_HEALTH
        from mallard.kernel.help import topics
        from mallard.kernel.ui import navigation

        telemetry.start(environment())
        got_request_exception.connect(on_page_error, dispatch_uid="faults.pages")
        navigation.register(
            navigation.Entry("settings", _("Errors"), "faults:list", VIEW_HEALTH, order=62)
        )
        topics.register({"faults": "see-errors"})
        topics.place("settings", "see-errors")
