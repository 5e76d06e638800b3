from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TargetsConfig(AppConfig):
    name = "mallard.review.targets"
    label = "targets"
    verbose_name = _("Targets")

    def ready(self) -> None:
        from mallard.kernel.help import topics
        from mallard.review.targets import menu
        from mallard.review.targets.kinds import CORRECTIVE
        from mallard.world.tasks.kinds import register_kind

        register_kind(CORRECTIVE)
        menu.register()
        topics.register({"targets": "set-targets"})
        topics.place("reports", "set-targets")
