"""The Django app of the fraud watch."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WatchConfig(AppConfig):
    name = "mallard.value.watch"
    label = "watch"
    verbose_name = _("Fraud watch")

    def ready(self) -> None:
        from mallard.kernel.help import topics
        from mallard.value.watch import bulk, copying, kinds, listening, menu  # noqa: F401 listens

        bulk.register()
        copying.register()
        kinds.register()
        menu.register()
        topics.register({"watch": "watch-for-fraud"})
        topics.place("loyalty", "watch-for-fraud")
