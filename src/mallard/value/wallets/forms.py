"""What staff type to change, freeze or give points."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mallard.kernel.clock import now
from mallard.kernel.ids import uuid7
from mallard.value.ledger.models import FunderKind
from mallard.world.malls.models import Mall
from mallard.world.malls.queries import whole_malls_in

MONTHS = 12


def _reason(hint: Any = "") -> forms.CharField:
    return forms.CharField(label=_("Reason"), min_length=5, max_length=200, help_text=hint)


def _day(label: Any, hint: Any = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, help_text=hint)


def end_of(day: dt.date) -> dt.datetime:
    """The moment at which ``day`` is over, in the reader's zone."""
    start = dt.datetime.combine(day + dt.timedelta(days=1), dt.time())
    return timezone.make_aware(start)


class ReasonForm(forms.Form):
    reason = _reason()


class AdjustForm(forms.Form):
    key = forms.CharField(max_length=100, widget=forms.HiddenInput)
    points = forms.IntegerField(
        label=_("Points"), min_value=-(10**9), max_value=10**9,
        help_text=_("Negative takes away, from what the member has of this mall's points."),
    )  # fmt: skip
    mall = forms.ModelChoiceField(Mall.objects.none(), label=_("At the cost of"))
    expires_on = _day(_("Live until the end of"), _("Of points that are added."))
    reason = _reason(_("What a colleague needs to agree. It is kept for ever."))

    def __init__(self, data: Any = None, *, actor: Any) -> None:
        until = timezone.localtime(now()).date() + dt.timedelta(days=365)
        super().__init__(data, initial={"key": f"adjust:{uuid7()}", "expires_on": until})
        malls: Any = self.fields["mall"]
        malls.queryset = whole_malls_in(actor.scope).order_by("code")

    def change(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "key": data["key"],
            "points": data["points"],
            "funder_kind": FunderKind.MALL.value,
            "funder_id": data["mall"].pk,
            "expires_at": end_of(data["expires_on"]),
            "reason": data["reason"],
        }


class LotForm(forms.Form):
    key = forms.CharField(max_length=100, widget=forms.HiddenInput)
    expires_on = _day(_("Live until the end of"))
    reason = _reason()

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"key": f"lot:{uuid7()}"})


class FamilyForm(forms.Form):
    number = forms.CharField(
        label=_("Member number of who may spend"), max_length=32,
        help_text=_("The owner of the points must ask for it, here and now."),
    )  # fmt: skip


class GiveForm(forms.Form):
    key = forms.CharField(max_length=100, widget=forms.HiddenInput)
    number = forms.CharField(
        label=_("Member number of who gets them"), max_length=32,
        help_text=_("Ask the receiver for it; it is on their card."),
    )  # fmt: skip
    points = forms.IntegerField(label=_("Points"), min_value=1, max_value=10**9)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"key": f"give:{uuid7()}"})
