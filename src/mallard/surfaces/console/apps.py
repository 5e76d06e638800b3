from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "mallard.surfaces.console"
    label = "console"

    def ready(self) -> None:
        from mallard.surfaces.console import menu

        menu.register()
