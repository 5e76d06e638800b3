from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FootfallConfig(AppConfig):
    name = "mallard.world.footfall"
    label = "footfall"
    verbose_name = _("Footfall")

    def ready(self) -> None:
        from mallard.kernel.help import topics
        from mallard.world.footfall import menu

        menu.register()
        topics.register({"footfall": "count-footfall"})
        topics.place("mall", "count-footfall")
