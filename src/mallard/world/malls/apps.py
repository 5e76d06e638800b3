from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

_ABOUT_HOURS = (
    "malls:mall_hours", "malls:store_hours", "malls:create_contact", "malls:edit_contact",
    "malls:remove_contact", "malls:brands", "malls:brand", "malls:edit_brand",
    "malls:create_brand",
)  # fmt: skip


class MallsConfig(AppConfig):
    name = "mallard.world.malls"
    label = "malls"
    verbose_name = _("Malls")

    def ready(self) -> None:
        from mallard.kernel.help import topics
        from mallard.world.malls import finding, menu

        menu.register()
        finding.register()
        topics.register(
            {
                "malls": "let-a-unit",
                **dict.fromkeys(("malls:malls", "malls:edit_group", "malls:create_mall"), "begin"),
                "malls:edit_plan": "draw-a-floor",
                **dict.fromkeys(_ABOUT_HOURS, "say-opening-hours"),
            }
        )
        topics.place("mall", "begin", "let-a-unit", "draw-a-floor", "say-opening-hours")
