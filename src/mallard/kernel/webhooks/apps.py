from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebhooksConfig(AppConfig):
    name = "mallard.kernel.webhooks"
    label = "webhooks"
    verbose_name = _("Webhooks")

    def ready(self) -> None:
        from mallard.kernel.ui import navigation
        from mallard.kernel.webhooks import checks, listening
        from mallard.kernel.webhooks.permissions import VIEW_WEBHOOK

        listening.register()
        checks.register()
        navigation.register(
            navigation.Entry("settings", _("Webhooks"), "webhooks:list", VIEW_WEBHOOK, order=50)
        )
