from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    name = "mallard.world.privacy"
    label = "privacy"
    verbose_name = _("Privacy requests")

    def ready(self) -> None:
        from mallard.kernel.help import topics
        from mallard.kernel.ui import navigation
        from mallard.kernel.ui.offers import register_offer
        from mallard.world.privacy import kinds, listening, pages, settings  # noqa: F401 declare
        from mallard.world.privacy.offering import record_request
        from mallard.world.privacy.permissions import VIEW_REQUEST

        kinds.register()
        register_offer(record_request)
        topics.register({"privacy": "answer-privacy-requests"})
        navigation.register(
            navigation.Entry(
                "members", _("Privacy requests"), "privacy:list", VIEW_REQUEST, order=35,
                count=pages.waiting,
            )
        )  # fmt: skip
