"""What staff type about alerts and thresholds."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mallard.kernel.clock import now
from mallard.value.watch.models import Alert
from mallard.value.watch.patterns import Pattern
from mallard.value.watch.services.deciding import ABOUT, LEAST_REASON, MOST_REASON

EXEMPT_DAYS = 180
_NAMES = {
    "member": _("This member"),
    "staff": _("This member of staff"),
    "till": _("This till"),
    "store": _("This store"),
}


def _reason(hint: Any) -> forms.CharField:
    return forms.CharField(
        label=_("Reason"),
        min_length=LEAST_REASON,
        max_length=MOST_REASON,
        help_text=hint,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def _end_of(day: dt.date) -> dt.datetime:
    start = dt.datetime.combine(day + dt.timedelta(days=1), dt.time())
    return timezone.make_aware(start)


class ConfirmForm(forms.Form):
    reason = _reason(_("What you found out, and from whom. It is kept."))


class DismissForm(forms.Form):
    reason = _reason(_("Why it is none: the next reader learns from it."))
    exempt = forms.MultipleChoiceField(
        label=_("Do not say it again of"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Several together mean: only of all of them together."),
    )
    until = forms.DateField(
        label=_("Until the end of"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, data: Any = None, *, alert: Alert, **options: Any) -> None:
        day = timezone.localtime(now()).date() + dt.timedelta(days=EXEMPT_DAYS)
        super().__init__(data, initial={"until": day}, **options)
        exempt: Any = self.fields["exempt"]
        exempt.choices = [
            (name, _NAMES[name]) for name in ABOUT if getattr(alert, f"{name}_id") is not None
        ]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("exempt") and data.get("until") is None and "until" not in self.errors:
            self.add_error("until", str(_("Say until when.")))
        return data

    def arguments(self) -> dict[str, Any]:
        day = self.cleaned_data["until"]
        return {
            "reason": self.cleaned_data["reason"],
            "exempt": self.cleaned_data["exempt"],
            "until": _end_of(day) if day else None,
        }


class ReleaseForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), min_length=5, max_length=200, help_text=_("It stands with the wallet.")
    )


class TermsForm(forms.Form):
    """The thresholds of a pattern, made from the catalogue."""

    is_on = forms.BooleanField(
        label=_("Look for it"), required=False, help_text=_("Every night, and when asked.")
    )

    def __init__(self, pattern: Pattern, terms: Any, data: Any = None) -> None:
        super().__init__(data, initial={"is_on": terms.is_on, **terms.thresholds})
        for each in pattern.thresholds:
            label = f"{each.label} ({each.unit})" if each.unit else str(each.label)
            self.fields[each.code] = forms.IntegerField(
                label=label,
                min_value=each.least,
                max_value=each.most,
                help_text=str(each.hint),
            )

    def thresholds(self) -> dict[str, int]:
        return {name: value for name, value in self.cleaned_data.items() if name != "is_on"}
