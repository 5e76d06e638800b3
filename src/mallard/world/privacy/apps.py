from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    name = "mallard.world.privacy"
    label = "privacy"
    verbose_name = _("Privacy requests")

    def ready(self) -> None:
        from mallard.world.privacy import copying

        copying.register()
        from mallard.kernel.help import topics
        from mallard.kernel.ui import navigation
        from mallard.kernel.ui.offers import register_offer
        from mallard.world.privacy import (  # noqa: F401 declare
            children,
            kinds,
            listening,
            pages,
            settings,
            stories,
        )
        from mallard.world.privacy.offering import record_request
        from mallard.world.privacy.permissions import VIEW_REQUEST

        children.register()
        kinds.register()
        stories.register()
        register_offer(record_request)
        topics.register(
            {
                "privacy": "answer-privacy-requests",
                "privacy:children": "record-a-guardians-consent",
                "privacy:guardian": "record-a-guardians-consent",
                "privacy:guardian_withdraw": "record-a-guardians-consent",
            }
        )
        topics.place("members", "answer-privacy-requests", "record-a-guardians-consent")
        navigation.register(
            navigation.Entry(
                "members", _("Privacy requests"), "privacy:list", VIEW_REQUEST, order=35,
                waiting=pages.waiting,
            )
        )  # fmt: skip
        navigation.register(
            navigation.Entry(
                "members", _("Too young"), "privacy:children", VIEW_REQUEST, order=36,
            )
        )  # fmt: skip
