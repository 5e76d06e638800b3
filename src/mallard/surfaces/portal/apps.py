from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "mallard.surfaces.portal"
    label = "portal"

    def ready(self) -> None:
        from mallard.surfaces.portal import checking_in, menu, rewards

        checking_in.register()
        menu.register()
        rewards.register()
