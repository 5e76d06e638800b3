"""What staff type to set the programme up, and to change how its points live."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from babel.numbers import get_currency_precision
from django import forms
from django.core.validators import validate_slug
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mallard.value.loyalty.models import Programme
from mallard.value.loyalty.services import TierInput

MICRO = 10**6
POINTS_PRICED = 1_000
PERCENT = 100
TIER_CODES = ("member", "silver", "gold", "platinum", "diamond")
CODE_LENGTH = 16


class ProgrammeForm(forms.Form):
    """Names, and how points live."""

    name_en = forms.CharField(label=_("English name"), max_length=200, required=False)
    name_zh = forms.CharField(label=_("Chinese name"), max_length=200, required=False)
    maturing_days = forms.IntegerField(
        label=_("Days until points can be spent"),
        min_value=0,
        max_value=365,
        initial=7,
        help_text=_("Time for goods to come back first; 0 for at once."),
    )
    expiry_months = forms.IntegerField(
        label=_("Months until points expire"), min_value=1, max_value=120, initial=12
    )
    cost = forms.DecimalField(
        label=_("What 1,000 points cost"),
        min_value=Decimal(0),
        max_value=Decimal(10**6),
        max_digits=12,
        decimal_places=4,
        initial=Decimal(5),
        help_text=_("In the programme's currency: it values the liability and never moves points."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("name_en") and not data.get("name_zh"):
            self.add_error("name_en", _("Give a name in one of the languages."))
        return data

    def terms(self, currency: str) -> dict[str, Any]:
        """The values as services take them."""
        data = self.cleaned_data
        minor = data["cost"].scaleb(get_currency_precision(currency))
        return {
            "name_en": data["name_en"],
            "name_zh": data["name_zh"],
            "maturing_days": data["maturing_days"],
            "expiry_months": data["expiry_months"],
            "point_cost_micro": int(minor * MICRO / POINTS_PRICED),
        }

    @property
    def sections(self) -> list[tuple[Any, list[Any]]]:
        names = ("name_en", "name_zh", "maturing_days", "expiry_months", "cost")
        return [(_("Programme"), [self[name] for name in names])]


def form_of(row: Programme, data: Any = None) -> ProgrammeForm:
    """The form with what holds now."""
    cost = Decimal(row.point_cost_micro * POINTS_PRICED) / MICRO
    initial = {
        "name_en": row.name_en,
        "name_zh": row.name_zh,
        "maturing_days": row.maturing_days,
        "expiry_months": row.expiry_months,
        "cost": f"{cost.scaleb(-get_currency_precision(row.currency)).normalize():f}",
    }
    return ProgrammeForm(data, initial=initial)


class SetUpForm(ProgrammeForm):
    """The programme with its first tiers, lowest first. A tier without a name is left out."""

    code = forms.CharField(
        label=_("Code"), max_length=CODE_LENGTH, validators=[validate_slug], initial="club"
    )
    currency = forms.ChoiceField(label=_("Currency"))

    def __init__(self, data: Any = None, *, currencies: Sequence[str]) -> None:
        super().__init__(data)
        self.fields["currency"].choices = [(one, one) for one in currencies]  # type: ignore[attr-defined]
        for number, code in enumerate(TIER_CODES):
            self._add_tier(number, code)

    def _add_tier(self, number: int, code: str) -> None:
        for part, label, first in (
            ("en", _("English name"), "Member"),
            ("zh", _("Chinese name"), "普卡会员"),
        ):
            self.fields[f"{part}_{code}"] = forms.CharField(
                label=label, max_length=200, required=False, initial="" if number else first
            )
        if number == 0:
            return
        self.fields[f"spend_{code}"] = forms.DecimalField(
            label=_("Spend from"), min_value=Decimal(0), max_value=Decimal(10**9), initial=0
        )
        self.fields[f"visits_{code}"] = forms.IntegerField(
            label=_("Visits from"), min_value=0, max_value=10_000, initial=0
        )
        self.fields[f"bonus_{code}"] = forms.DecimalField(
            label=_("Bonus in percent"),
            min_value=Decimal(0),
            max_value=Decimal(1_000),
            decimal_places=2,
            initial=0,
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        first = TIER_CODES[0]
        if not data.get(f"en_{first}") and not data.get(f"zh_{first}"):
            self.add_error(f"en_{first}", _("Give a name in one of the languages."))
        before = (Decimal(0), 0)
        for code in self._named(data):
            takes = (data.get(f"spend_{code}") or Decimal(0), data.get(f"visits_{code}") or 0)
            if takes[0] < before[0] or takes[1] < before[1] or takes == (0, 0):
                message = gettext("A tier takes more than the one before.")
                self.add_error(f"spend_{code}", message)
            before = takes
        return data

    def _named(self, data: dict[str, Any]) -> list[str]:
        return [one for one in TIER_CODES[1:] if data.get(f"en_{one}") or data.get(f"zh_{one}")]

    def tiers(self) -> list[TierInput]:
        """The tiers that were named, lowest first."""
        data = self.cleaned_data
        digits = get_currency_precision(data["currency"])
        first = TIER_CODES[0]
        found = [TierInput(first, data[f"en_{first}"], data[f"zh_{first}"], 0, 0, 0)]
        found += [
            TierInput(
                code,
                data[f"en_{code}"],
                data[f"zh_{code}"],
                int(data[f"spend_{code}"].scaleb(digits)),
                data[f"visits_{code}"],
                int(data[f"bonus_{code}"] * PERCENT),
            )
            for code in self._named(data)
        ]
        return found

    @property
    def sections(self) -> list[tuple[Any, list[Any]]]:
        [(title, fields)] = super().sections
        parts = ("en", "zh", "spend", "visits", "bonus")
        of_tiers = [
            (
                gettext("Tier %(number)s") % {"number": number},
                [self[f"{part}_{code}"] for part in parts if f"{part}_{code}" in self.fields],
            )
            for number, code in enumerate(TIER_CODES, start=1)
        ]
        return [(title, [self["code"], *fields, self["currency"]]), *of_tiers]
