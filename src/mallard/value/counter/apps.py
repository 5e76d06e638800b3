"""The Django app of the service counter: points from a paper receipt."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CounterConfig(AppConfig):
    name = "mallard.value.counter"
    label = "counter"
    verbose_name = _("Service counter")

    def ready(self) -> None:
        from mallard.kernel.help import topics
        from mallard.value.counter import asking, copying, listening, menu  # noqa: F401 listens

        copying.register()
        asking.register()
        menu.register()
        topics.register({"counter": "back-date-points"})
        topics.place("service", "back-date-points")
