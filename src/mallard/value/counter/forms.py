"""What an agent types from a paper receipt."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from babel.numbers import get_currency_precision
from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import Actor
from mallard.kernel.clock import now
from mallard.kernel.ids import uuid7
from mallard.value.counter.rules import Typed
from mallard.value.counter.services import PaperInput
from mallard.value.counter.settings import DAYS_BACK
from mallard.world.catalog.models import RestrictedKind
from mallard.world.malls.models import Store
from mallard.world.malls.queries import stores_in

MAX_GOODS = 50
TENDERS = (
    ("", _("not known")),
    ("cash", _("Cash")),
    ("card", _("Bank card")),
    ("wechat", _("WeChat Pay")),
    ("alipay", _("Alipay")),
    ("voucher", _("Voucher")),
    ("other", _("Other means")),
)


class StoreChoice(forms.ModelChoiceField):
    def label_from_instance(self, store: Store) -> str:
        """The mall with the name: chains have a store in each."""
        return f"{store.name} · {store.mall.name} · {store.code}"


class AmountField(forms.DecimalField):
    def to_python(self, value: Any) -> Any:
        """An amount as people write it: 1,280.50, ¥1280.5."""
        return super().to_python(_bare(value) if isinstance(value, str) else value)


def _bare(text: str) -> str:
    return text.strip().lstrip("¥￥$€").replace(",", "").replace("，", "").strip()


def _amount(label: Any, *, required: bool = True, hint: Any = "") -> AmountField:
    return AmountField(
        label=label,
        required=required,
        max_digits=14,
        decimal_places=3,
        help_text=hint,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )


class BackdateForm(forms.Form):
    """What stands on the paper; the key makes sending it twice one act."""

    key = forms.CharField(max_length=100, widget=forms.HiddenInput)
    store = StoreChoice(Store.objects.none(), label=_("Store"))
    number = forms.CharField(
        label=_("Receipt number"),
        max_length=64,
        help_text=_("As it is printed, every letter and digit."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    occurred_at = forms.DateTimeField(
        label=_("Day and time on the receipt"),
        help_text=_("By the clock of the store."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    amount = _amount(_("Amount paid"), hint=_("After discounts, tax included."))
    tender = forms.ChoiceField(label=_("Paid with"), choices=TENDERS, required=False)
    restricted_kind = forms.ChoiceField(
        label=_("Restricted goods on it"),
        choices=(("", pgettext_lazy("paper receipt", "none")), *RestrictedKind.choices),
        required=False,
    )
    restricted_amount = _amount(
        _("Amount of the restricted goods"), required=False, hint=_("They earn nothing.")
    )
    goods = forms.CharField(
        label=_("Goods, as far as you want to type them"),
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "One a line: code or barcode, a space, what was paid. Some rules ask for them."
        ),
    )

    def __init__(self, data: Any = None, *, actor: Actor) -> None:
        super().__init__(data, initial={"key": f"paper:{uuid7()}"})
        since = timezone.localtime(now()).date() - dt.timedelta(days=DAYS_BACK.value + 1)
        stores: Any = self.fields["store"]
        stores.queryset = (
            stores_in(actor.scope)
            .filter(Q(closed_on=None) | Q(closed_on__gt=since))
            .select_related("mall")
            .order_by("mall__code", "code")
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        store = cleaned.get("store")
        if store is None:
            return cleaned
        currency = store.mall.currency
        for name in ("amount", "restricted_amount"):
            if cleaned.get(name) is not None:
                cleaned[name] = self._minor(name, cleaned[name], currency)
        cleaned["goods"] = self._goods(cleaned.get("goods", ""), currency)
        return cleaned

    def _minor(self, name: str, amount: Decimal, currency: str) -> int:
        minor = amount.scaleb(get_currency_precision(currency))
        if minor != minor.to_integral_value():
            self.add_error(name, gettext("This currency has no such small part."))
            return 0
        return int(minor)

    def _goods(self, text: str, currency: str) -> tuple[tuple[str, int], ...]:
        found = []
        for row in filter(None, (row.strip() for row in text.splitlines())):
            code, _space, amount = row.rpartition(" ")
            try:
                value = Decimal(_bare(amount))
            except InvalidOperation:
                value = Decimal("NaN")
            if not code.strip() or not value.is_finite() or not 0 <= value < 10**9:
                wrong = gettext("Each line is a code and an amount: “%(line)s” is not.")
                self.add_error("goods", wrong % {"line": row[:60]})
                return ()
            found.append((code.strip(), self._minor("goods", value, currency)))
        if len(found) > MAX_GOODS:
            self.add_error("goods", gettext("At most 50 lines."))
        return tuple(found)

    def paper(self, member_id: UUID) -> PaperInput:
        """What was typed, as the service takes it. The time is the store's own."""
        data = self.cleaned_data
        store = data["store"]
        told = timezone.make_naive(data["occurred_at"])
        return PaperInput(
            key=data["key"],
            member_id=member_id,
            store_id=store.pk,
            typed=Typed(
                number=data["number"],
                occurred_at=told.replace(tzinfo=store.mall.zone),
                amount_minor=data["amount"],
                restricted_kind=data["restricted_kind"],
                restricted_minor=data["restricted_amount"] or 0,
                goods=data["goods"],
                tender=data["tender"],
            ),
        )


class DeclineForm(forms.Form):
    reason = forms.CharField(
        label=pgettext_lazy("paper receipt", "Why not"), min_length=5, max_length=200
    )
