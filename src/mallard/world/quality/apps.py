from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QualityConfig(AppConfig):
    name = "mallard.world.quality"
    label = "quality"
    verbose_name = _("Data quality")

    def ready(self) -> None:
        from mallard.kernel.help import topics
        from mallard.kernel.ui import navigation
        from mallard.world.quality import copying, listening, settings, showing  # noqa: F401 declare
        from mallard.world.quality.permissions import VIEW_QUALITY

        copying.register()
        showing.register()
        topics.register({"quality": "watch-data-quality"})
        topics.place("members", "watch-data-quality")
        navigation.register(
            navigation.Entry("members", _("Data quality"), "quality:page", VIEW_QUALITY, order=32)
        )
