from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ListsConfig(AppConfig):
    name = "mallard.world.lists"
    label = "lists"
    verbose_name = _("Lists of members")

    def ready(self) -> None:
        from mallard.kernel.help import topics
        from mallard.kernel.ui import navigation
        from mallard.world.lists import bulk, copying, finding, listening, showing  # noqa: F401 declare
        from mallard.world.lists.permissions import VIEW_LIST

        copying.register()
        bulk.register()
        finding.register()
        showing.register()
        topics.register({"lists": "keep-lists-of-members"})
        topics.place("members", "keep-lists-of-members")
        navigation.register(
            navigation.Entry("members", _("Lists"), "lists:list", VIEW_LIST, order=25)
        )
