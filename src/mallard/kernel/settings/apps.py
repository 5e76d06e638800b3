from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _


class SettingsConfig(AppConfig):
    name = "mallard.kernel.settings"
    label = "settings"
    verbose_name = _("Settings")

    def ready(self) -> None:
        from mallard.kernel.settings import finding
        from mallard.kernel.settings.permissions import VIEW_SETTING
        from mallard.kernel.ui import navigation

        # Ours only: other packages' `settings` modules are something else.
        for app in apps.get_app_configs():
            module = f"{app.name}.settings"
            if app.name.startswith("mallard.") and find_spec(module) is not None:
                import_module(module)
        navigation.register(
            navigation.Entry("settings", _("Settings"), "settings:list", VIEW_SETTING, order=30)
        )
        finding.register()
