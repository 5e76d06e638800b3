"""What staff type to set an earning rule."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from babel.numbers import get_currency_precision
from django import forms
from django.utils.translation import gettext_lazy as _

from mallard.value.loyalty.models import EarningRule, Programme
from mallard.value.loyalty.services import EarningRuleInput
from mallard.world.catalog.models import Category
from mallard.world.malls.models import Store, TradeCategory


class EarningRuleForm(forms.Form):
    """An earning rule, new or the next version of ``rule``. Amounts are in major units."""

    code = forms.SlugField(
        label=_("Code"),
        max_length=32,
        help_text=_("A short name for systems; it cannot be changed later."),
    )
    name_en = forms.CharField(label=_("English name"), max_length=200)
    name_zh = forms.CharField(label=_("Chinese name"), max_length=200)
    points = forms.IntegerField(label=_("Points"), min_value=0, max_value=10_000)
    per_amount = forms.DecimalField(
        label=_("For every"),
        min_value=Decimal("0.01"),
        max_value=Decimal(1_000_000),
        help_text=_("The amount that earns them, in the programme's currency."),
    )
    trade_category = forms.ModelChoiceField(
        TradeCategory.objects.order_by("code"), label=_("Trade category"), required=False
    )
    store = forms.ModelChoiceField(Store.objects.order_by("code"), label=_("Store"), required=False)
    category = forms.ModelChoiceField(
        Category.objects.order_by("code"), label=_("Product category"), required=False
    )
    tenant_share = forms.DecimalField(
        label=_("Tenant's share of the cost, in percent"),
        min_value=Decimal(0),
        max_value=Decimal(100),
        decimal_places=2,
        help_text=_("The mall bears the rest."),
    )
    starts_at = forms.DateTimeField(
        label=_("In force from"),
        required=False,
        help_text=_("Empty: from now on. It never changes what was earned before."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )

    def __init__(self, data: Any = None, *, rule: EarningRule | None = None) -> None:
        self.programme = Programme.objects.order_by("code").first()
        super().__init__(data, initial=self._initial(rule) if rule else {"tenant_share": 100})
        if rule is not None:
            self.fields["code"].disabled = True

    def _initial(self, rule: EarningRule) -> dict[str, Any]:
        return {
            "code": rule.code,
            "name_en": rule.name_en,
            "name_zh": rule.name_zh,
            "points": rule.points,
            "per_amount": Decimal(rule.per_minor).scaleb(-self._precision()),
            "trade_category": rule.trade_category_id,
            "store": rule.store_id,
            "category": rule.category_id,
            "tenant_share": Decimal(rule.tenant_share_bp) / 100,
        }

    def _precision(self) -> int:
        return get_currency_precision(self.programme.currency) if self.programme else 2

    def to_input(self) -> EarningRuleInput:
        """The rule as the service takes it."""
        data = self.cleaned_data
        starts_at: dt.datetime | None = data["starts_at"]
        return EarningRuleInput(
            code=data["code"],
            name_en=data["name_en"],
            name_zh=data["name_zh"],
            points=data["points"],
            per_minor=int(data["per_amount"].scaleb(self._precision())),
            tenant_share_bp=int(data["tenant_share"] * 100),
            starts_at=starts_at,
            store_id=data["store"].pk if data["store"] else None,
            trade_category_id=data["trade_category"].pk if data["trade_category"] else None,
            category_id=data["category"].pk if data["category"] else None,
        )
