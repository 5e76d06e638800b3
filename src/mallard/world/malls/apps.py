from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MallsConfig(AppConfig):
    name = "mallard.world.malls"
    label = "malls"
    verbose_name = _("Malls")

    def ready(self) -> None:
        from mallard.kernel.help import topics
        from mallard.world.malls import finding, menu

        menu.register()
        finding.register()
        topics.register({"malls": "let-a-unit"})
