"""What staff type about rewards, desks, stock and redemptions."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from babel.numbers import get_currency_precision
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import Actor
from mallard.kernel.bilingual import name_order
from mallard.kernel.ids import uuid7
from mallard.value.ledger.models import FunderKind
from mallard.value.loyalty.models import Tier
from mallard.value.rewards.inputs import DeskInput, RewardInput
from mallard.value.rewards.kinds import reward_kinds
from mallard.value.rewards.models import Desk, Reward
from mallard.value.rewards.queries import offered_rewards, visible_desks
from mallard.value.rewards.rules import MAX_QUANTITY, MAX_STOCK
from mallard.world.malls.models import CODE_PATTERN, Brand, Mall, Tenant
from mallard.world.malls.queries import whole_malls_in

_MOMENT = {"type": "datetime-local"}
_MOMENT_FORMAT = "%Y-%m-%dT%H:%M"


def _moment(label: Any, hint: Any = "") -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs=_MOMENT, format=_MOMENT_FORMAT)
    return forms.DateTimeField(label=label, required=False, widget=widget, help_text=hint)


def _code() -> forms.RegexField:
    return forms.RegexField(CODE_PATTERN, label=_("Code"), max_length=40)


class NamedDesks(forms.ModelChoiceField):
    """Desks with their malls."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.full_name)


class DeskForm(forms.Form):
    """A desk, new or one that is there."""

    code = _code()
    name_en = forms.CharField(label=_("English name"), max_length=200, required=False)
    name_zh = forms.CharField(label=_("Chinese name"), max_length=200, required=False)
    mall = forms.ModelChoiceField(Mall.objects.none(), label=_("Mall"))

    def __init__(self, data: Any = None, *, actor: Actor, desk: Desk | None = None) -> None:
        initial = (
            {"code": desk.code, "name_en": desk.name_en, "name_zh": desk.name_zh, "mall": desk.mall}
            if desk
            else {}
        )
        super().__init__(data, initial=initial)
        malls = whole_malls_in(actor.scope).order_by(*name_order())
        self._choice("mall").queryset = malls
        self.fields["mall"].disabled = desk is not None

    def _choice(self, name: str) -> Any:
        return self.fields[name]

    def to_input(self) -> DeskInput:
        data = self.cleaned_data
        return DeskInput(
            code=data["code"],
            name_en=data["name_en"],
            name_zh=data["name_zh"],
            mall_id=data["mall"].pk,
        )


class RewardForm(forms.Form):
    """A reward. Amounts are typed in the currency's own units."""

    code = _code()
    kind = forms.ChoiceField(label=_("Kind"))
    name_en = forms.CharField(label=_("English name"), max_length=200, required=False)
    name_zh = forms.CharField(label=_("Chinese name"), max_length=200, required=False)
    about_en = forms.CharField(label=_("English description"), max_length=500, required=False)
    about_zh = forms.CharField(label=_("Chinese description"), max_length=500, required=False)
    points = forms.IntegerField(label=_("Points"), min_value=1, max_value=10**9)
    price = forms.DecimalField(
        label=_("Money on top"), min_value=0, max_value=10**9, initial=0, required=False,
        help_text=_("What the member pays besides the points; empty for nothing."),
    )  # fmt: skip
    cost = forms.DecimalField(
        label=_("Cost of one"), min_value=0, max_value=10**9, initial=0,
        help_text=_("What one costs whoever pays for it."),
    )  # fmt: skip
    currency = forms.RegexField(r"^[A-Z]{3}$", label=_("Currency"), max_length=3)
    funder = forms.ChoiceField(label=_("Paid for by"))
    is_counted = forms.BooleanField(
        label=_("Only what is in stock"), required=False, initial=True,
        help_text=_("Goods always; an event whose places are counted, too."),
    )  # fmt: skip
    least_tier = forms.ChoiceField(label=_("From tier"), required=False)
    member_limit = forms.IntegerField(
        label=_("At most, for each member"), min_value=1, max_value=10_000, required=False
    )
    limit_days = forms.IntegerField(
        label=_("Within days"), min_value=1, max_value=3_650, required=False,
        help_text=_("Empty: ever."),
    )  # fmt: skip
    starts_at = _moment(_("Offered from"))
    ends_at = _moment(_("Offered until"))
    hold_minutes = forms.IntegerField(
        label=_("Minutes to confirm"), min_value=1, max_value=43_200, initial=30,
        help_text=_("How long points and goods wait before they are free again."),
    )  # fmt: skip
    collect_days = forms.IntegerField(
        label=_("Days to collect"), min_value=1, max_value=3_650, initial=30
    )
    keeps_uncollected = forms.BooleanField(
        label=_("Points stay spent if nobody collects"), required=False,
        help_text=_("For events: who does not come has used the place."),
    )  # fmt: skip

    def __init__(
        self, data: Any = None, *, reward: Reward | None = None, currency: str = ""
    ) -> None:
        initial = _initial(reward) if reward else {"currency": currency}
        super().__init__(data, initial=initial)
        self._choose("kind", [(kind.code, kind.name) for kind in reward_kinds()])
        tiers = Tier.objects.order_by("rank")
        everybody = [("", _("Everybody"))]
        self._choose("least_tier", [*everybody, *((tier.code, tier.name) for tier in tiers)])
        self._choose("funder", _funders())

    def _choose(self, name: str, choices: Any) -> None:
        field: Any = self.fields[name]
        field.choices = choices

    def to_input(self) -> RewardInput:
        """The reward as the service takes it."""
        data = dict(self.cleaned_data)
        digits = get_currency_precision(data["currency"])
        kind, _sep, owner = data.pop("funder").partition(":")
        return RewardInput(
            price_minor=int((data.pop("price") or Decimal(0)).scaleb(digits)),
            cost_minor=int((data.pop("cost") or Decimal(0)).scaleb(digits)),
            funder_kind=kind,
            funder_id=UUID(owner),
            **data,
        )


def _initial(reward: Reward) -> dict[str, Any]:
    digits = get_currency_precision(reward.currency)
    same = (
        "code", "kind", "name_en", "name_zh", "about_en", "about_zh", "points", "currency",
        "is_counted", "least_tier", "member_limit", "limit_days", "starts_at", "ends_at",
        "hold_minutes", "collect_days", "keeps_uncollected",
    )  # fmt: skip
    return {
        **{name: getattr(reward, name) for name in same},
        "price": Decimal(reward.price_minor).scaleb(-digits),
        "cost": Decimal(reward.cost_minor).scaleb(-digits),
        "funder": f"{reward.funder_kind}:{reward.funder_id}",
    }


def _funders() -> list[tuple[Any, Any]]:
    def group(kind: FunderKind, rows: QuerySet[Any]) -> tuple[Any, Any]:
        return (
            kind.label,
            [(f"{kind.value}:{row.pk}", row.name) for row in rows.order_by(*name_order())],
        )

    return [
        group(FunderKind.MALL, Mall.objects.all()),
        group(FunderKind.TENANT, Tenant.objects.all()),
        group(FunderKind.BRAND, Brand.objects.all()),
    ]


class StockForm(forms.Form):
    """What happens to a reward's stock. ``key`` is made with the form: sent twice, it is once."""

    key = forms.CharField(max_length=100, widget=forms.HiddenInput)
    act = forms.ChoiceField(
        label=_("What"),
        choices=[
            ("receive", _("Receive")),
            ("count", _("Count")),
            ("send", _("Send to another desk")),
            ("correct", _("Correct")),
        ],
    )
    desk = NamedDesks(Desk.objects.none(), label=_("Desk"))
    quantity = forms.IntegerField(
        label=_("Quantity"), min_value=-MAX_STOCK, max_value=MAX_STOCK,
        help_text=_("For a count: how many there are. For a correction: negative takes away."),
    )  # fmt: skip
    to_desk = NamedDesks(Desk.objects.none(), label=_("To desk"), required=False)
    reason = forms.CharField(
        label=_("Reason"), max_length=200, required=False,
        help_text=_("Needed for corrections, and for a count that finds a difference."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, actor: Actor, act: str = "receive") -> None:
        super().__init__(data, initial={"key": f"stock:{uuid7()}", "act": act})
        for name in ("desk", "to_desk"):
            field: Any = self.fields[name]
            field.queryset = visible_desks(actor).order_by("mall__code", "code")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("act") == "send" and not cleaned.get("to_desk") and not self.errors:
            self.add_error("to_desk", _("Say which desk they go to."))
        return cleaned


class RedeemForm(forms.Form):
    """A reward for a member, at a desk."""

    key = forms.CharField(max_length=100, widget=forms.HiddenInput)
    reward = forms.ModelChoiceField(Reward.objects.none(), label=_("Reward"))
    desk = NamedDesks(Desk.objects.none(), label=_("Desk"))
    quantity = forms.IntegerField(
        label=_("Quantity"), min_value=1, max_value=MAX_QUANTITY, initial=1
    )

    card_code = forms.CharField(
        label=_("The member’s code that changes"),
        required=False,
        max_length=600,
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"}),
        help_text=_("Scan it from the card on the member’s phone; it changes every 30 seconds."),
    )
    payers = forms.MultipleChoiceField(
        label=_("Whose points pay, after the member's own"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self,
        data: Any = None,
        *,
        actor: Actor,
        family: Sequence[tuple[str, str]] = (),
        needs_code: bool = False,
    ) -> None:
        super().__init__(data, initial={"key": f"desk:{uuid7()}"})
        if not needs_code:
            del self.fields["card_code"]
        payers: Any = self.fields["payers"]
        payers.choices = family
        if not family:
            del self.fields["payers"]
        rewards: Any = self.fields["reward"]
        rewards.queryset = offered_rewards()
        rewards.label_from_instance = _priced
        desks: Any = self.fields["desk"]
        desks.queryset = visible_desks(actor).filter(closed_at=None).order_by("mall__code", "code")
        found = list(desks.queryset[:2])
        if len(found) == 1:
            self.initial["desk"] = found[0]


def _priced(reward: Any) -> str:
    from mallard.value.rewards.showing import price_of

    return f"{reward.name} · {price_of(reward)}"


class CancelForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200)
    is_goods_back = forms.BooleanField(
        label=_("The goods are back at the desk"), required=False, initial=True
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"), max_length=40,
        widget=forms.TextInput(
            attrs={"autofocus": True, "autocomplete": "off", "autocapitalize": "characters"}
        ),
        help_text=_("Scan it, or type the eleven letters and digits."),
    )  # fmt: skip
