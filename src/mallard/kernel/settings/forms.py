"""What staff type to change a setting."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mallard.kernel.settings.declaration import MAX_TEXT, Setting


def _limits(setting: Setting[Any]) -> str:
    """Between which numbers, and what the default is."""
    if setting.minimum is None or setting.maximum is None:
        return ""
    return gettext("From %(minimum)s to %(maximum)s; usually %(default)s.") % {
        "minimum": setting.minimum,
        "maximum": setting.maximum,
        "default": setting.default,
    }


def _field(setting: Setting[Any]) -> forms.Field:
    label = str(setting.title)
    hint = " ".join(part for part in (str(setting.hint), _limits(setting)) if part)
    if isinstance(setting.default, bool):
        return forms.BooleanField(label=label, help_text=hint, required=False)
    if isinstance(setting.default, int):
        with_unit = f"{label} ({setting.unit})" if setting.unit else label
        return forms.IntegerField(
            label=with_unit,
            help_text=hint,
            min_value=setting.minimum,
            max_value=setting.maximum,
        )
    if setting.choices is not None:
        return forms.ChoiceField(label=label, help_text=hint, choices=list(setting.choices.items()))
    return forms.CharField(label=label, help_text=hint, max_length=MAX_TEXT, required=False)


class SettingForm(forms.Form):
    """One value, in the field that its type asks for."""

    def __init__(self, data: Any, *, setting: Setting[Any], value: Any) -> None:
        super().__init__(data, initial={"value": value})
        self.fields["value"] = _field(setting)


SAVED = _("The setting is saved.")
