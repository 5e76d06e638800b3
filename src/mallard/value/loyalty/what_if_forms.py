"""What staff type to draft a what-if."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

from babel.numbers import get_currency_precision
from django import forms
from django.utils.translation import gettext_lazy as _

from mallard.kernel import clock
from mallard.value.loyalty.models import EarningRule, Programme, Tier
from mallard.value.loyalty.queries import programme as programme_facts
from mallard.value.loyalty.rules import TierLevel
from mallard.value.loyalty.rules.schemes import MAX_GRACE_DAYS, Window, scheme_on
from mallard.value.loyalty.tier_forms import WINDOWS
from mallard.value.loyalty.whatif.draft import Counting

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
    expiry_months = forms.IntegerField(
        label=_("Months until points expire"), min_value=1, max_value=120, required=False
    )
    window = forms.ChoiceField(label=_("What counts"), choices=WINDOWS, required=False)
    grace_days = forms.IntegerField(
        label=_("Days of grace"), min_value=0, max_value=MAX_GRACE_DAYS, required=False
    )
    value_per_amount = forms.DecimalField(
        label=_("One qualifying value for every"),
        min_value=Decimal(0),
        max_value=Decimal(10**6),
        required=False,
        help_text=_("Spent, in the programme's currency; 0 for none."),
    )
    value_per_visit = forms.IntegerField(
        label=_("Qualifying value for each visit"), min_value=0, max_value=10_000, required=False
    )

    def __init__(self, data: Any = None) -> None:
        today = clock.now().date()
        initial: dict[str, Any] = {"first_day": today - dt.timedelta(days=364), "last_day": today}
        programme = Programme.objects.order_by("code").first()
        self.precision = get_currency_precision(programme.currency) if programme else 2
        self.facts = programme_facts() if programme else None
        if self.facts is not None:
            self.scheme = scheme_on(self.facts.schemes, today)
            amount = Decimal(self.scheme.value_per_minor).scaleb(-self.precision)
            initial |= {
                "expiry_months": self.facts.expiry_months,
                "window": self.scheme.window,
                "grace_days": self.scheme.grace_days,
                "value_per_amount": amount,
                "value_per_visit": self.scheme.value_per_visit,
            }
        super().__init__(data, initial=initial)
        # What tiers take today, which is not what they took when the programme was set up.
        self.levels = {one.code: one for one in self.facts.tiers} if self.facts else {}
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
        self.fields[f"value_{tier.code}"] = forms.IntegerField(
            label=_("Qualifying value from"),
            min_value=0,
            max_value=10**9,
            required=False,
            initial=level.value,
        )
        self.fields[f"bonus_{tier.code}"] = forms.DecimalField(
            label=_("Bonus in percent"),
            min_value=Decimal(0),
            max_value=Decimal(1_000),
            decimal_places=2,
            initial=Decimal(level.bonus_bp) / BASIS_POINTS_OF_A_PERCENT,
        )
        self.fields[f"invited_{tier.code}"] = forms.BooleanField(
            label=_("By invitation only"), required=False, initial=level.by_invitation
        )

    @property
    def plain_fields(self) -> list[Any]:
        names = ("name", "first_day", "last_day", "expiry_months", "left_out")
        return [self[name] for name in names]

    @property
    def counting_fields(self) -> list[Any]:
        names = ("window", "grace_days", "value_per_amount", "value_per_visit")
        return [self[name] for name in names]

    @property
    def tier_fields(self) -> list[tuple[str, list[Any]]]:
        parts = ("spend", "visits", "value", "bonus", "invited")
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
        levels = [self._level(tier, data) for tier in self.tiers]
        is_changed = any(level != self.levels[level.code] for level in levels)
        return {
            "name": data["name"],
            "first_day": data["first_day"],
            "last_day": data["last_day"],
            "tiers": levels if is_changed else [],
            "left_out": data["left_out"],
            "counting": self._counting(data),
            "expiry_months": self._expiry_months(data),
        }

    def _level(self, tier: Tier, data: dict[str, Any]) -> TierLevel:
        value = data[f"value_{tier.code}"]
        return TierLevel(
            tier.code,
            tier.rank,
            int(data[f"spend_{tier.code}"].scaleb(self.precision)),
            data[f"visits_{tier.code}"],
            int(data[f"bonus_{tier.code}"] * BASIS_POINTS_OF_A_PERCENT),
            self.levels[tier.code].value if value is None else value,
            data[f"invited_{tier.code}"],
        )

    def _counting(self, data: dict[str, Any]) -> Counting | None:
        """What would count; None where nothing was changed. A field left empty is as it is."""
        if self.facts is None:
            return None
        now, amount = Counting.of(self.scheme), data["value_per_amount"]
        typed = {
            "window": Window(data["window"]) if data["window"] else None,
            "grace_days": data["grace_days"],
            "value_per_minor": None if amount is None else int(amount.scaleb(self.precision)),
            "value_per_visit": data["value_per_visit"],
        }
        given = replace(now, **{name: one for name, one in typed.items() if one is not None})
        return None if given == now else given

    def _expiry_months(self, data: dict[str, Any]) -> int | None:
        months = data["expiry_months"]
        is_same = self.facts is None or months in (None, self.facts.expiry_months)
        return None if is_same else months
