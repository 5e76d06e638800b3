"""The Django app of changes of phone at the desk."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PhonesConfig(AppConfig):
    name = "mallard.world.phones"
    label = "phones"
    verbose_name = _("Changes of phone")

    def ready(self) -> None:
        from mallard.kernel.help import topics
        from mallard.world.phones import asking, copying, staff_panels

        copying.register()
        asking.register()
        staff_panels.register()
        topics.register({"phones": "change-a-phone"})
        topics.place("service", "change-a-phone")
