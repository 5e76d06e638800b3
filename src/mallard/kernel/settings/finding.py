"""Settings in the search over everything."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import Actor
from mallard.kernel.settings.declaration import declared_settings
from mallard.kernel.settings.permissions import CHANGE_SETTING, VIEW_SETTING
from mallard.kernel.ui import finding
from mallard.kernel.ui.finding import Hit


def find(actor: Actor, text: str, limit: int) -> list[Hit]:
    """Settings of whose title and hint every word is a part. Who may not change them is led to
    the list."""
    can_change = actor.may(CHANGE_SETTING) and actor.scope.is_group
    hits = []
    for setting in declared_settings():
        told = f"{setting.title} {setting.hint}".casefold()
        if all(word in told for word in text.casefold().split()):
            change = reverse("settings:change", args=[setting.code])
            url = change if can_change else reverse("settings:list")
            hits.append(Hit(setting.title, url, setting.hint))
    return hits[:limit]


def register() -> None:
    finding.register(
        finding.Finder("settings", _("Settings"), "settings", VIEW_SETTING, find, order=90)
    )
