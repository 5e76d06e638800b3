"""Forms of the place. Choices are what the actor may see; services decide the rest."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import Actor
from mallard.kernel.bilingual import name_order
from mallard.kernel.ui.form_page import RowForm
from mallard.world.malls import queries
from mallard.world.malls.models import (
    Brand,
    Floor,
    Group,
    Mall,
    Store,
    Tenant,
    TradeCategory,
    Unit,
    is_code,
)


class ScopedForm(RowForm):
    """A form whose choices depend on the actor."""

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor

    def offer(self, name: str, rows: QuerySet[Any]) -> None:
        """Let the field ``name`` choose among ``rows``."""
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 declared in Meta.fields
        field.queryset = rows


class UnitChoice(forms.ModelChoiceField):
    def label_from_instance(self, unit: Unit) -> str:
        """Where the unit is: codes repeat between floors."""
        return f"{unit.floor.mall.name} · {unit.floor.code} · {unit.code}"


class TradeCategoryChoice(forms.ModelChoiceField):
    def label_from_instance(self, category: TradeCategory) -> str:
        return f"{category.parent.name} › {category.name}" if category.parent else category.name


class GroupForm(RowForm):
    """The group's code and names; the code names it for ever."""

    class Meta:
        model = Group
        fields = ("code", "name_en", "name_zh")


class GroupNameForm(RowForm):
    class Meta:
        model = Group
        fields = ("name_en", "name_zh")


class MallForm(RowForm):
    class Meta:
        model = Mall
        fields = (
            "code",
            "name_en",
            "name_zh",
            "currency",
            "time_zone",
            "business_day_cutoff_hour",
            "address_en",
            "address_zh",
            "opened_on",
            "closed_on",
        )
        help_texts = {
            "currency": _("ISO 4217, for example CNY."),
            "time_zone": _("For example Asia/Shanghai."),
        }


class FloorForm(RowForm):
    class Meta:
        model = Floor
        fields = ("code", "name_en", "name_zh", "level")
        help_texts = {"level": _("0 is the ground floor; floors below it are negative.")}


class UnitForm(forms.Form):
    """A unit's code and area; its outline stays as it is."""

    code = forms.CharField(label=_("Code"), max_length=40, validators=[is_code])
    area_dm2 = forms.DecimalField(
        label=_("Area, m²"),
        min_value=Decimal("0.01"),
        max_value=Decimal(10**6),
        decimal_places=2,
    )

    def clean_area_dm2(self) -> int:
        return int(self.cleaned_data["area_dm2"] * 100)


class ClosingForm(forms.Form):
    """From when on something does not trade any more."""

    closed_on = forms.DateField(
        label=_("Closed from"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_(
            "The first day without trade. Sales cannot be declared from then on; what was sold "
            "before can still be returned and declared."
        ),
    )


class StoreForm(ScopedForm):
    unit = UnitChoice(Unit.objects.none(), label=_("Unit"), required=False)
    trade_category = TradeCategoryChoice(TradeCategory.objects.none(), label=_("Trade category"))

    class Meta:
        model = Store
        fields = (
            "code",
            "name_en",
            "name_zh",
            "mall",
            "tenant",
            "brand",
            "unit",
            "trade_category",
            "opened_on",
            "closed_on",
        )
        help_texts = {"closed_on": _("The first day on which the store does not trade.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scope = self.actor.scope
        malls = queries.malls_in(scope)
        units = Unit.objects.filter(floor__mall__in=malls).select_related("floor__mall")
        self.offer("mall", malls.order_by(*name_order()))
        self.offer("tenant", queries.tenants_in(scope).order_by(*name_order()))
        self.offer("brand", queries.brands_in(scope).order_by(*name_order()))
        self.offer("unit", units.order_by("floor__mall_id", "-floor__level", "code"))
        self.offer(
            "trade_category",
            TradeCategory.objects.select_related("parent").order_by(
                *name_order("parent__"), *name_order()
            ),
        )
        if not self.instance._state.adding:
            for name in ("mall", "tenant"):
                self.fields[name].disabled = True
                self.fields[name].help_text = _("A store that moves is closed and opened anew.")


class TenantForm(RowForm):
    class Meta:
        model = Tenant
        fields = ("code", "name_en", "name_zh", "status")


class BrandForm(RowForm):
    class Meta:
        model = Brand
        fields = ("code", "name_en", "name_zh")


class TradeCategoryForm(RowForm):
    class Meta:
        model = TradeCategory
        fields = ("code", "name_en", "name_zh", "parent")
        help_texts = {"parent": _("Leave empty for the upper level.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        upper = TradeCategory.objects.filter(parent=None).exclude(pk=self.instance.pk)
        field = self.fields["parent"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 declared in Meta.fields
        field.queryset = upper.order_by(*name_order())
