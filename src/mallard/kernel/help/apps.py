from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HelpConfig(AppConfig):
    name = "mallard.kernel.help"
    label = "help"
    verbose_name = _("Help")

    def ready(self) -> None:
        from mallard.kernel.help import finding, topics
        from mallard.kernel.help.link import help_of
        from mallard.kernel.ui import navigation

        finding.register()
        navigation.register_topbar(navigation.TopbarPart("help/link.html", help_of))
        navigation.register_account_part("help/account.html")
        topics.register(
            {
                "ui": "find-anything",
                "help": "find-anything",
                "health": "see-whether-all-is-well",
                "jobs": "see-whether-all-is-well",
                "retention": "privacy",
                "settings": "change-a-setting",
                "webhooks": "send-webhooks",
            }
        )
        topics.place("home", "find-anything")
        topics.place("settings", "see-whether-all-is-well", "change-a-setting", "send-webhooks")
