"""What staff type to set an earning rule or a budget."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from babel.numbers import get_currency_precision
from django import forms
from django.utils.translation import gettext_lazy as _

from mallard.value.loyalty.form_layout import (
    BASES,
    KINDS,
    MOMENTS,
    ONLY_FOR,
    RECEIPTS_ONLY,
    SECTIONS,
    TERM_FIELDS,
)
from mallard.value.loyalty.models import EarningRule, PointsBudget, Programme, Tier
from mallard.value.loyalty.queries import version_of
from mallard.value.loyalty.rules import (
    BASIS_POINTS,
    CAPPED_BY_TIME,
    Basis,
    Birthday,
    Kind,
    RuleVersion,
    Scope,
    Terms,
    TermsInvalid,
)
from mallard.value.loyalty.segments import known_segments, segment_names
from mallard.value.loyalty.sentences import ONCE, TENDERS, WEEKDAYS
from mallard.value.loyalty.services import BudgetInput, EarningRuleInput
from mallard.world.catalog.models import Category, Product
from mallard.world.malls.models import Mall, Store, Tenant, TradeCategory

MOST = 1_000_000_000


def _many(model: Any, label: Any, order: str = "code") -> forms.ModelMultipleChoiceField[Any]:
    return forms.ModelMultipleChoiceField(
        model.objects.order_by(order),
        label=label,
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 4}),
    )


def _most(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=1, max_value=MOST)


class EarningRuleForm(forms.Form):
    """An earning rule, new or the next version of ``rule``. Amounts are in major units."""

    name_en = forms.CharField(label=_("English name"), max_length=200)
    name_zh = forms.CharField(label=_("Chinese name"), max_length=200)
    code = forms.SlugField(
        label=_("Code"),
        max_length=32,
        help_text=_("A short name for systems; it cannot be changed later."),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS, initial=Kind.AMOUNT)
    points = forms.IntegerField(label=_("Points"), min_value=0, max_value=10_000, required=False)
    per_amount = forms.DecimalField(
        label=_("For every"),
        min_value=Decimal("0.01"),
        max_value=Decimal(1_000_000),
        required=False,
        help_text=_("The amount that earns them, in the programme's currency."),
    )
    basis = forms.ChoiceField(label=_("Of which amount"), choices=BASES, required=False)
    tax = forms.DecimalField(
        label=_("Tax within the price, in percent"),
        min_value=Decimal(0),
        max_value=Decimal(99),
        decimal_places=2,
        required=False,
        help_text=_("Only where points are counted without tax."),
    )
    tenders = forms.MultipleChoiceField(
        label=_("Does not count what is paid by"),
        choices=list(TENDERS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Where the till says how a receipt was paid."),
    )
    units = forms.IntegerField(
        label=_("For how many pieces"), min_value=1, max_value=1_000, required=False, initial=1
    )
    factor = forms.DecimalField(
        label=_("Times the base points"),
        min_value=Decimal("1.01"),
        max_value=Decimal(100),
        decimal_places=2,
        required=False,
        initial=2,
        help_text=_("2 doubles them. Multiples are of base points and add up."),
    )
    once = forms.ChoiceField(
        label=_("How often"),
        choices=[(scope.value, label) for scope, label in ONCE.items()],
        required=False,
    )
    tiers = forms.MultipleChoiceField(
        label=_("Tiers"), required=False, widget=forms.CheckboxSelectMultiple
    )
    segment = forms.ChoiceField(
        label=_("Segment"),
        required=False,
        help_text=_("Lists that are shared are among them: who fills one decides who gets more."),
    )
    moment = forms.ChoiceField(label=_("Occasion"), choices=MOMENTS, required=False)
    weekdays = forms.MultipleChoiceField(
        label=_("Weekdays"),
        choices=[(str(day), label) for day, label in WEEKDAYS.items()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    month_days = forms.RegexField(
        r"^\s*\d{1,2}(\s*[,，、 ]\s*\d{1,2})*\s*$",
        label=_("Days of the month"),
        required=False,
        help_text=_("Member days, for example: 8, 18, 28."),
    )
    hour_from = forms.IntegerField(label=_("From hour"), min_value=0, max_value=23, required=False)
    hour_to = forms.IntegerField(
        label=_("Until hour"),
        min_value=0,
        max_value=24,
        required=False,
        help_text=_("By the mall's clock; from 22 until 2 passes midnight."),
    )
    malls = _many(Mall, _("Malls"))
    tenants = _many(Tenant, _("Tenants"))
    trade_categories = _many(TradeCategory, _("Trade categories"))
    stores = _many(Store, _("Stores"))
    categories = _many(Category, _("Product categories"))
    products = forms.CharField(
        label=_("Products"),
        required=False,
        max_length=2_000,
        help_text=_("Product codes, separated by commas."),
    )
    cap_receipt = _most(_("At most per receipt"))
    cap_day = _most(_("At most per member and day"))
    cap_year = _most(_("At most per member and year"))
    cap_member = _most(_("At most per member"))
    total_cap = _most(_("At most in total"))
    budget = forms.ModelChoiceField(
        PointsBudget.objects.exclude(code__startswith="rule:").order_by("code"),
        label=_("Within the budget"),
        required=False,
        to_field_name="code",
    )
    tenant_share = forms.DecimalField(
        label=_("Tenant's share of the cost, in percent"),
        min_value=Decimal(0),
        max_value=Decimal(100),
        decimal_places=2,
        required=False,
        help_text=_("The mall bears the rest."),
    )
    starts_at = forms.DateTimeField(
        label=_("In force from"),
        required=False,
        help_text=_("Empty: from now on. It never changes what was earned before."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )
    ends_at = forms.DateTimeField(
        label=_("Until"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )

    def __init__(self, data: Any = None, *, rule: EarningRule | None = None) -> None:
        self.programme = Programme.objects.order_by("code").first()
        super().__init__(data, initial=self._initial(rule) if rule else {"tenant_share": 100})
        tiers = Tier.objects.filter(programme=self.programme) if self.programme else []
        self.fields["tiers"].choices = [(tier.code, tier.name) for tier in tiers]  # type: ignore[attr-defined]
        own = version_of(rule).terms.segment if rule else ""
        # What the rule asks for stays to be seen when it is offered no more, and is refused then.
        segments = known_segments() | (segment_names({own}) or {own: own} if own else {})
        if segments:
            choices = [("", _("All members")), *segments.items()]
            self.fields["segment"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["segment"]
        if rule is not None:
            self.fields["code"].disabled = True

    @property
    def sections(self) -> list[tuple[Any, list[tuple[str, Any]]]]:
        """The fields by section, each with the kinds of rules that it is for."""
        return [
            (title, [(self._kinds(name), self[name]) for name in names if name in self.fields])
            for title, names in SECTIONS
        ]

    def _kinds(self, name: str) -> str:
        if name in ONLY_FOR:
            return " ".join(ONLY_FOR[name])
        if name in RECEIPTS_ONLY:
            return "amount unit multiplier award"
        return ""

    def _initial(self, rule: EarningRule) -> dict[str, Any]:
        version = version_of(rule)
        terms = version.terms
        caps = dict(terms.caps)
        once = next((scope for scope in ONCE if caps.get(scope) == rule.points), None)
        if terms.kind is Kind.AWARD and once:
            caps.pop(once)
        products = Product.objects.filter(pk__in=terms.products).order_by("code")
        return {
            "code": rule.code,
            "name_en": rule.name_en,
            "name_zh": rule.name_zh,
            "kind": terms.kind,
            "points": rule.points,
            "per_amount": Decimal(rule.per_minor).scaleb(-self._precision()),
            "basis": terms.basis,
            "tax": Decimal(terms.tax_bp) / 100 if terms.tax_bp else None,
            "tenders": list(terms.tenders_left_out),
            "units": terms.units,
            "factor": Decimal(terms.factor_bp) / BASIS_POINTS,
            "once": once or Scope.MEMBER,
            "tiers": list(terms.tiers),
            "segment": terms.segment,
            "moment": "first" if terms.is_first_purchase else (terms.birthday or ""),
            "weekdays": [str(day) for day in terms.weekdays],
            "month_days": ", ".join(str(day) for day in terms.month_days),
            "hour_from": terms.hours[0] if terms.hours else None,
            "hour_to": terms.hours[1] if terms.hours else None,
            "malls": terms.malls,
            "tenants": terms.tenants,
            "stores": version.stores,
            "trade_categories": version.trade_categories,
            "categories": version.categories,
            "products": ", ".join(product.code for product in products),
            "cap_receipt": caps.get(Scope.RECEIPT),
            "cap_day": caps.get(Scope.DAY),
            "cap_year": caps.get(Scope.YEAR),
            "cap_member": caps.get(Scope.MEMBER),
            "total_cap": terms.total_cap,
            "budget": terms.budget,
            "tenant_share": Decimal(rule.tenant_share_bp) / 100,
        }

    def _precision(self) -> int:
        return get_currency_precision(self.programme.currency) if self.programme else 2

    def clean_month_days(self) -> tuple[int, ...]:
        text: str = self.cleaned_data["month_days"]
        for mark in "，、":
            text = text.replace(mark, ",")
        days = [int(one) for one in text.replace(",", " ").split()]
        if any(not 1 <= day <= 31 for day in days):
            raise forms.ValidationError(_("Days of a month go from 1 to 31."))
        return tuple(days)

    def clean_products(self) -> tuple[Any, ...]:
        codes = [one.strip() for one in self.cleaned_data["products"].replace("，", ",").split(",")]
        codes = [code for code in codes if code]
        found = dict(Product.objects.filter(code__in=codes).values_list("code", "id"))
        missing = [code for code in codes if code not in found]
        if missing:
            text = _("The catalogue does not know %(codes)s.")
            raise forms.ValidationError(text, params={"codes": ", ".join(missing)})
        return tuple(found[code] for code in codes)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        kind = Kind(data.get("kind") or Kind.AMOUNT)
        if (
            kind is not Kind.MULTIPLIER
            and data.get("points") is None
            and "points" not in self.errors
        ):
            self.add_error("points", _("Say how many points."))
        if kind is Kind.AMOUNT and not data.get("per_amount") and "per_amount" not in self.errors:
            self.add_error("per_amount", _("Say for how much they are given."))
        if (data.get("hour_from") is None) != (data.get("hour_to") is None):
            self.add_error("hour_to", _("Give both hours or none."))
        elif not self.errors:
            try:
                self.terms = self._terms(kind, data)
            except TermsInvalid as wrong:
                name = TERM_FIELDS.get(wrong.field, wrong.field)
                self.add_error(
                    name if name in self.fields else None, _("This makes no sense here.")
                )
        return data

    def _terms(self, kind: Kind, data: dict[str, Any]) -> Terms:
        """The terms that the fields of this kind say; what is for other kinds is left out."""
        if kind in (Kind.WELCOME, Kind.PROFILE):
            return Terms(kind=kind)
        if kind in CAPPED_BY_TIME:
            most = {Scope.YEAR: data["cap_year"], Scope.MEMBER: data["cap_member"]}
            return Terms(kind=kind, caps=tuple((one, n) for one, n in most.items() if n))
        caps = {
            Scope.RECEIPT: data["cap_receipt"],
            Scope.DAY: data["cap_day"],
            Scope.MEMBER: data["cap_member"],
        }
        if kind is Kind.AWARD and data["moment"] != "first" and data["points"]:
            caps[Scope(data["once"] or Scope.VISIT)] = data["points"]
        moment = data["moment"] if kind in (Kind.MULTIPLIER, Kind.AWARD) else ""
        terms: dict[str, Any] = {
            "kind": kind,
            "weekdays": tuple(sorted(int(day) for day in data["weekdays"])),
            "month_days": tuple(sorted(set(data["month_days"]))),
            "products": data["products"],
            "caps": tuple((scope, caps[scope]) for scope in Scope if caps.get(scope)),
            "total_cap": data.get("total_cap"),
            "budget": data["budget"].code if data.get("budget") else "",
            "is_first_purchase": moment == "first",
            "birthday": Birthday(moment) if moment in ("day", "month") else None,
        }
        for name in ("malls", "tenants", "stores", "trade_categories", "categories"):
            terms[name] = tuple(row.pk for row in data[name])
        if data["hour_from"] is not None:
            terms["hours"] = (data["hour_from"], data["hour_to"])
        if kind is Kind.AMOUNT:
            terms["basis"] = Basis(data["basis"] or Basis.PAID)
            terms["tenders_left_out"] = tuple(data["tenders"])
            if terms["basis"] is Basis.BEFORE_TAX:
                terms["tax_bp"] = int((data["tax"] or 0) * 100)
        if kind is Kind.UNIT:
            terms["units"] = data["units"] or 1
        if kind is Kind.MULTIPLIER:
            terms["factor_bp"] = int((data["factor"] or 2) * BASIS_POINTS)
        if kind in (Kind.MULTIPLIER, Kind.AWARD):
            terms["tiers"] = tuple(data["tiers"])
            terms["segment"] = data.get("segment") or ""
        return Terms(**terms)

    def to_input(self) -> EarningRuleInput:
        """The rule as the service takes it."""
        data = self.cleaned_data
        starts_at: dt.datetime | None = data.get("starts_at")
        per_amount = data["per_amount"] if self.terms.kind is Kind.AMOUNT else None
        share = data["tenant_share"]
        if self.terms.kind in (Kind.WELCOME, Kind.PROFILE, *CAPPED_BY_TIME):
            share = Decimal(0)
        return EarningRuleInput(
            code=data["code"],
            name_en=data["name_en"],
            name_zh=data["name_zh"],
            points=0 if self.terms.kind is Kind.MULTIPLIER else data["points"],
            per_minor=int(per_amount.scaleb(self._precision())) if per_amount else 1,
            tenant_share_bp=int(share * 100) if share is not None else BASIS_POINTS,
            starts_at=starts_at,
            terms=self.terms,
            ends_at=data.get("ends_at"),
        )

    def to_version(self, now: dt.datetime) -> RuleVersion:
        """The rule as it would be, for reading it back."""
        given = self.to_input()
        return RuleVersion(
            given.code, 1, given.starts_at or now, given.ends_at, None, None, None,
            given.points, given.per_minor, given.tenant_share_bp, given.terms,
        )  # fmt: skip


class EndRuleForm(forms.Form):
    """When a rule ends."""

    ends_at = forms.DateTimeField(
        label=_("In force until"),
        required=False,
        help_text=_("Empty: it ends now. What was earned stays."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )


class BudgetForm(forms.Form):
    """A budget of points that several rules share."""

    code = forms.SlugField(label=_("Code"), max_length=32)
    name_en = forms.CharField(label=_("English name"), max_length=200)
    name_zh = forms.CharField(label=_("Chinese name"), max_length=200)
    limit_points = forms.IntegerField(label=_("At most"), min_value=0, max_value=10**12)

    def __init__(self, data: Any = None, *, budget: PointsBudget | None = None) -> None:
        initial = {}
        if budget is not None:
            initial = {name: getattr(budget, name) for name in self.base_fields}
        super().__init__(data, initial=initial)
        self.fields["code"].disabled = budget is not None

    def to_input(self) -> BudgetInput:
        return BudgetInput(**self.cleaned_data)
