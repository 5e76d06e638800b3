"""Forms of leases: people type square metres, amounts and per cent; services take integers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from babel.numbers import get_currency_precision
from django import forms
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import Actor
from mallard.kernel.bilingual import name_order
from mallard.world.malls import queries
from mallard.world.malls.forms import UnitChoice
from mallard.world.malls.models import LeaseKind, Store, Tenant, Unit

_MOST = Decimal(10**9)


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class LeaseForm(forms.Form):
    """A lease as leasing writes it down: m², major units and per cent are typed, and the cleaned
    data holds what the fields are called."""

    tenant = forms.ModelChoiceField(Tenant.objects.none(), label=_("Tenant"))
    unit = UnitChoice(Unit.objects.none(), label=_("Unit"))
    store = forms.ModelChoiceField(
        Store.objects.none(),
        label=_("Store"),
        required=False,
        help_text=_("The store that trades in the unit, once there is one."),
    )
    starts_on = forms.DateField(label=_("Begins"), widget=_day())
    ends_on = forms.DateField(
        label=_("Until"), widget=_day(), help_text=_("The last day on which the unit is let.")
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=LeaseKind.choices)
    area_dm2 = forms.DecimalField(
        label=_("Area that rent is paid for, m²"),
        min_value=Decimal("0.01"),
        max_value=Decimal(10**6),
        decimal_places=2,
    )
    base_rent_minor = forms.DecimalField(
        label=_("Base rent a month"), required=False, min_value=0, max_value=_MOST
    )
    percentage_bp = forms.DecimalField(
        label=_("Share of sales, %"),
        required=False,
        min_value=Decimal("0.01"),
        max_value=100,
        decimal_places=2,
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scope = actor.scope
        offered: dict[str, Any] = {
            "tenant": queries.tenants_in(scope).order_by(*name_order()),
            "unit": queries.units_in(scope)
            .select_related("floor__mall")
            .order_by("floor__mall_id", "-floor__level", "code"),
            "store": queries.stores_in(scope).order_by(*name_order()),
        }
        for name, rows in offered.items():
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 declared above
            field.queryset = rows

    def clean_area_dm2(self) -> int | None:
        return _scaled(self.cleaned_data.get("area_dm2"))

    def clean_percentage_bp(self) -> int | None:
        return _scaled(self.cleaned_data.get("percentage_bp"))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        unit: Unit | None = data.get("unit")
        amount: Decimal | None = data.get("base_rent_minor")
        if unit is None or amount is None:
            return data
        minor = amount.scaleb(get_currency_precision(unit.floor.mall.currency))
        if minor != minor.to_integral_value():
            self.add_error("base_rent_minor", _("The mall's currency has fewer decimals."))
        data["base_rent_minor"] = int(minor)
        return data


def _scaled(value: Decimal | None) -> int | None:
    """Hundredths: m² as dm², per cent as basis points."""
    return None if value is None else int(value * 100)


class EndForm(forms.Form):
    """When a lease ends after all."""

    ends_on = forms.DateField(
        label=_("Last day"), widget=_day(), help_text=_("The last day on which the unit is let.")
    )
