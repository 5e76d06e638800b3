from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogConfig(AppConfig):
    name = "mallard.world.catalog"
    label = "catalog"
    verbose_name = _("Catalogue")

    def ready(self) -> None:
        from mallard.kernel.help import topics
        from mallard.world.catalog import finding, menu

        menu.register()
        finding.register()
        topics.register({"catalog": "keep-the-catalogue"})
        topics.place("stock", "keep-the-catalogue")
