from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class RetentionConfig(AppConfig):
    name = "mallard.kernel.retention"
    label = "retention"
    verbose_name = _("Retention")

    def ready(self) -> None:
        from mallard.kernel.retention import checks
        from mallard.kernel.retention.permissions import VIEW_RETENTION
        from mallard.kernel.ui import navigation

        autodiscover_modules("retention")
        checks.register()
        navigation.register(
            navigation.Entry("settings", _("Retention"), "retention:list", VIEW_RETENTION, order=70)
        )
