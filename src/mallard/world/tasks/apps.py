from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TasksConfig(AppConfig):
    name = "mallard.world.tasks"
    label = "tasks"
    verbose_name = _("Tasks")

    def ready(self) -> None:
        from mallard.kernel.help import topics
        from mallard.world.staff.handover import register_holdings
        from mallard.world.tasks import (
            bulk,
            finding,
            kinds,
            listening,  # noqa: F401 listens
            menu,
            security,
            stories,
            subjects,
        )
        from mallard.world.tasks.handover import OpenTasks
        from mallard.world.tasks.services import telling

        kinds.register()
        telling.register()
        subjects.register()
        security.register()
        menu.register()
        stories.register()
        register_holdings(OpenTasks())
        finding.register()
        bulk.register()
        topics.register({"tasks": "work-with-tasks"})
        topics.place("home", "work-with-tasks")
