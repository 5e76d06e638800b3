"""Forms of corrections."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mallard.world.corrections.records import Field
from mallard.world.corrections.services import MAX_REASON, MAX_VALUE


class ProposeForm(forms.Form):
    """A field, its new value, and why."""

    field = forms.ChoiceField(label=_("What is wrong"))
    value = forms.CharField(
        label=_("What it should be"),
        required=False,
        max_length=MAX_VALUE,
        help_text=_(
            "Dates as year-month-day, such as 2026-05-21. Empty: nothing should stand there."
        ),
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("How you know: the owner decides by it."),
    )

    def __init__(self, *args: Any, fields: Mapping[str, Field], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["field"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 declared above
        field.choices = [(one.code, str(one.label)) for one in fields.values()]


class AcceptForm(forms.Form):
    """Accepting; with a stale proposal one says that one saw it."""

    seen = forms.BooleanField(
        label=_("I saw that the value has changed meanwhile; put in what was proposed"),
        required=False,
    )


class DeclineForm(forms.Form):
    reason = forms.CharField(
        label=_("Why not"), max_length=MAX_REASON, widget=forms.Textarea(attrs={"rows": 3})
    )
