"""What staff type to add a tier, and to call one otherwise."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from babel.numbers import get_currency_precision
from django import forms
from django.core.validators import validate_slug
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mallard.kernel import clock
from mallard.value.loyalty.models import BenefitKind, Tier
from mallard.value.loyalty.programme_forms import CODE_LENGTH, TIER_CODES
from mallard.value.loyalty.queries import ProgrammeFacts
from mallard.value.loyalty.services import BenefitInput, NewTier
from mallard.value.loyalty.tier_forms import PERCENT

BENEFITS = 3
"""How many the form has room for; more are added one by one."""


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _name(label: Any, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=200, **more)


class NewTierForm(forms.Form):
    """A tier, what it takes, and what its members are entitled to."""

    code = forms.CharField(
        label=_("Code"),
        max_length=CODE_LENGTH,
        validators=[validate_slug],
        help_text=_("Machines know the tier by it; it stays when the name changes."),
    )
    name_en = _name(_("English name"))
    name_zh = _name(_("Chinese name"))
    starts_on = forms.DateField(
        label=_("From the business day"),
        widget=_day(),
        help_text=_("Earlier days do not know the tier: nobody has it for them."),
    )
    above = forms.ChoiceField(label=_("Right above"), required=False)
    spend = forms.DecimalField(
        label=_("Spend from"), min_value=Decimal(0), max_value=Decimal(10**9), initial=0
    )
    visits = forms.IntegerField(label=_("Visits from"), min_value=0, max_value=10_000, initial=0)
    value = forms.IntegerField(
        label=_("Qualifying value from"), min_value=0, max_value=10**9, initial=0
    )
    bonus = forms.DecimalField(
        label=_("Bonus in percent"),
        min_value=Decimal(0),
        max_value=Decimal(1_000),
        decimal_places=2,
        initial=0,
    )
    invited = forms.BooleanField(label=_("By invitation only"), required=False)

    def __init__(self, data: Any = None, *, facts: ProgrammeFacts, tiers: list[Tier]) -> None:
        self.precision = get_currency_precision(facts.currency)
        taken = {tier.code for tier in tiers}
        initial = {
            "code": next((code for code in TIER_CODES if code not in taken), ""),
            "starts_on": clock.now().date() + dt.timedelta(days=2),
            "above": tiers[-1].code if tiers else "",
        }
        super().__init__(data, initial=initial)
        self.fields["above"].choices = [  # type: ignore[attr-defined]
            *((tier.code, tier.name) for tier in reversed(tiers)),
            ("", _("None: it is the lowest")),
        ]
        for number in range(1, BENEFITS + 1):
            self._add_benefit(number)

    def _add_benefit(self, number: int) -> None:
        self.fields[f"kind_{number}"] = forms.ChoiceField(
            label=_("Kind"), choices=[("", _("None")), *BenefitKind.choices], required=False
        )
        self.fields[f"en_{number}"] = _name(_("English name"), required=False)
        self.fields[f"zh_{number}"] = _name(_("Chinese name"), required=False)
        self.fields[f"amount_{number}"] = forms.IntegerField(
            label=_("How much"),
            min_value=0,
            max_value=10_000,
            required=False,
            help_text=_("Parking: hours a month."),
        )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        for number in range(1, BENEFITS + 1):
            names = {part: data.get(f"{part}_{number}") for part in ("en", "zh")}
            if not data.get(f"kind_{number}"):
                if any(names.values()):
                    self.add_error(f"kind_{number}", _("Say which kind of benefit it is."))
                continue
            for part, name in names.items():
                if not name:
                    self.add_error(f"{part}_{number}", _("Give the name in both languages."))
        return data

    @property
    def sections(self) -> list[tuple[Any, list[Any]]]:
        own = ("name_en", "name_zh", "code", "starts_on", "above")
        takes = ("spend", "visits", "value", "bonus", "invited")
        benefits = [
            (
                gettext("Benefit %(number)s") % {"number": number},
                [self[f"{part}_{number}"] for part in ("kind", "en", "zh", "amount")],
            )
            for number in range(1, BENEFITS + 1)
        ]
        return [
            (_("Tier"), [self[name] for name in own]),
            (_("What it takes and gives"), [self[name] for name in takes]),
            *benefits,
        ]

    def to_input(self) -> NewTier:
        """The tier as the service takes it."""
        data = self.cleaned_data
        return NewTier(
            data["code"],
            data["name_en"],
            data["name_zh"],
            data["above"],
            int(data["spend"].scaleb(self.precision)),
            data["visits"],
            int(data["bonus"] * PERCENT),
            data["value"],
            data["invited"],
            tuple(
                BenefitInput(
                    data[f"kind_{number}"],
                    data[f"en_{number}"],
                    data[f"zh_{number}"],
                    amount=data[f"amount_{number}"],
                )
                for number in range(1, BENEFITS + 1)
                if data[f"kind_{number}"]
            ),
        )


class RenameTierForm(forms.Form):
    """Another name for a tier, from a day on."""

    name_en = _name(_("English name"))
    name_zh = _name(_("Chinese name"))
    renamed_on = forms.DateField(
        label=_("From the day"),
        widget=_day(),
        help_text=_("Until then the tier has the name it has."),
    )

    def __init__(self, data: Any = None, *, tier: Tier) -> None:
        today = clock.now().date()
        english, chinese = tier.names_on(tier.renamed_on or today)
        initial = {
            "name_en": english,
            "name_zh": chinese,
            "renamed_on": max(tier.renamed_on or today, today),
        }
        super().__init__(data, initial=initial)
