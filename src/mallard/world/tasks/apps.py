from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TasksConfig(AppConfig):
    name = "mallard.world.tasks"
    label = "tasks"
    verbose_name = _("Tasks")

    def ready(self) -> None:
        from mallard.world.staff.handover import register_holdings
        from mallard.world.tasks import kinds, listening, menu, security, subjects  # noqa: F401 listens
        from mallard.world.tasks.handover import OpenTasks

        kinds.register()
        subjects.register()
        security.register()
        menu.register()
        register_holdings(OpenTasks())
