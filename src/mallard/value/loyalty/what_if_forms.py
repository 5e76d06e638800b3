"""What staff type to draft a what-if."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from babel.numbers import get_currency_precision
from django import forms
from django.utils.translation import gettext_lazy as _

from mallard.kernel import clock
from mallard.value.loyalty.models import EarningRule, Programme, Tier
from mallard.value.loyalty.queries import programme as programme_facts
from mallard.value.loyalty.rules import TierLevel

BASIS_POINTS_OF_A_PERCENT = 100


class WhatIfForm(forms.Form):
    """A past period, the tiers as they would be, and rules to leave out."""

    name = forms.CharField(label=_("Name"), max_length=200)
    first_day = forms.DateField(
        label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last_day = forms.DateField(
        label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    left_out = forms.MultipleChoiceField(
        label=_("Leave out these rules"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Rules to try are added on the next page."),
    )

    def __init__(self, data: Any = None) -> None:
        today = clock.now().date()
        initial = {"first_day": today - dt.timedelta(days=364), "last_day": today}
        super().__init__(data, initial=initial)
        programme = Programme.objects.order_by("code").first()
        self.precision = get_currency_precision(programme.currency) if programme else 2
        # What tiers take today, which is not what they took when the programme was set up.
        self.levels = {one.code: one for one in programme_facts().tiers} if programme else {}
        rows = Tier.objects.filter(programme=programme, code__in=self.levels)
        self.tiers = list(rows) if programme else []
        rules = {rule.code: rule.name for rule in EarningRule.objects.order_by("version")}
        self.fields["left_out"].choices = sorted(rules.items())  # type: ignore[attr-defined]
        for tier in self.tiers:
            self._add_tier(tier)

    def _add_tier(self, tier: Tier) -> None:
        level = self.levels[tier.code]
        self.fields[f"spend_{tier.code}"] = forms.DecimalField(
            label=_("Spend from"),
            min_value=Decimal(0),
            max_value=Decimal(10**9),
            initial=Decimal(level.spend_minor).scaleb(-self.precision),
        )
        self.fields[f"visits_{tier.code}"] = forms.IntegerField(
            label=_("Visits from"),
            min_value=0,
            max_value=10_000,
            initial=level.visits,
        )
        self.fields[f"bonus_{tier.code}"] = forms.DecimalField(
            label=_("Bonus in percent"),
            min_value=Decimal(0),
            max_value=Decimal(1_000),
            decimal_places=2,
            initial=(Decimal(level.bonus_bp) / BASIS_POINTS_OF_A_PERCENT).normalize(),
        )

    @property
    def plain_fields(self) -> list[Any]:
        return [self[name] for name in ("name", "first_day", "last_day", "left_out")]

    @property
    def tier_fields(self) -> list[tuple[str, list[Any]]]:
        parts = ("spend", "visits", "bonus")
        return [(tier.name, [self[f"{part}_{tier.code}"] for part in parts]) for tier in self.tiers]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        first, last = data.get("first_day"), data.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("The period ends before it begins."))
        return data

    def to_arguments(self) -> dict[str, Any]:
        """What the service takes; tiers that stay as they are are no part of a draft."""
        data = self.cleaned_data
        levels = [
            TierLevel(
                tier.code,
                tier.rank,
                int(data[f"spend_{tier.code}"].scaleb(self.precision)),
                data[f"visits_{tier.code}"],
                int(data[f"bonus_{tier.code}"] * BASIS_POINTS_OF_A_PERCENT),
            )
            for tier in self.tiers
        ]
        is_changed = any(
            (level.spend_minor, level.visits, level.bonus_bp)
            != (now.spend_minor, now.visits, now.bonus_bp)
            for level in levels
            for now in [self.levels[level.code]]
        )
        return {
            "name": data["name"],
            "first_day": data["first_day"],
            "last_day": data["last_day"],
            "tiers": levels if is_changed else [],
            "left_out": data["left_out"],
        }
