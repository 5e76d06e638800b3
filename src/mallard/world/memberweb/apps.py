from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MemberWebConfig(AppConfig):
    name = "mallard.world.memberweb"
    label = "memberweb"
    verbose_name = _("Member page")

    def ready(self) -> None:
        from mallard.world.memberweb import copying

        copying.register()
        from mallard.kernel.help import topics
        from mallard.kernel.ui.errors import register_error_page
        from mallard.world.memberweb import cards, channels, lane, staff_panels

        cards.register()
        channels.register()
        staff_panels.register()
        register_error_page(lane.PREFIX, "memberweb/error.html")
        topics.register({"memberweb_desk": "open-the-member-page"})
        topics.place("members", "open-the-member-page")
