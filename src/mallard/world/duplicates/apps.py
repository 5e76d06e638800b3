from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DuplicatesConfig(AppConfig):
    name = "mallard.world.duplicates"
    label = "duplicates"
    verbose_name = _("Duplicates")

    def ready(self) -> None:
        from mallard.kernel.help import topics
        from mallard.kernel.ui import navigation
        from mallard.world.duplicates import listening, pages, settings  # noqa: F401 declare
        from mallard.world.members.permissions import MERGE_MEMBER

        topics.register({"duplicates": "merge-duplicates"})
        topics.place("members", "merge-duplicates")
        navigation.register(
            navigation.Entry(
                "members", _("Duplicates"), "duplicates:list", MERGE_MEMBER, order=30,
                waiting=pages.waiting,
            )
        )  # fmt: skip
