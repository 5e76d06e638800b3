from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntakeConfig(AppConfig):
    name = "mallard.world.intake"
    label = "intake"
    verbose_name = _("Imports")

    def ready(self) -> None:
        from mallard.kernel.help import topics
        from mallard.kernel.secrets import register
        from mallard.world.intake import listening, menu, settings  # noqa: F401 declare
        from mallard.world.intake.services.keeping import close_files

        register.on_replay(close_files)
        menu.register()
        topics.register({"intake": "import-members"})
        topics.place("members", "import-members")
