from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "mallard.surfaces.portal"
    label = "portal"

    def ready(self) -> None:
        from mallard.surfaces.portal import menu, rewards

        menu.register()
        rewards.register()
