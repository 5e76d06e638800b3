from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "mallard.surfaces.console"
    label = "console"

    def ready(self) -> None:
        from mallard.kernel.help import topics
        from mallard.surfaces.console import menu

        menu.register()
        topics.register({"console": "read-your-home"})
        topics.place("home", "read-your-home")
