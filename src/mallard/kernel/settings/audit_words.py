"""The audit log in words: what this app notes there."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from mallard.kernel.audit import words
from mallard.kernel.settings.declaration import declared_setting, declared_settings

words.of_actions(
    {
        "settings.setting_changed": pgettext_lazy("audit", "Setting changed"),
    }
)
words.of_subjects(
    {
        "setting": pgettext_lazy("audit subject", "Setting"),
    }
)


def _title(code: str) -> words.Words | None:
    setting = declared_setting(code)
    return setting.title if setting else None


def _chosen(value: str) -> words.Words | None:
    choices = (setting.choices for setting in declared_settings() if setting.choices)
    return next((one[value] for one in choices if value in one), None)


words.of_values("code", _title, app_label="settings")
words.of_values("value", _chosen, app_label="settings")
