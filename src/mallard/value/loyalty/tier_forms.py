"""What staff type to change what tiers take, to give a tier, and to add a benefit."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from babel.numbers import get_currency_precision
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mallard.kernel import clock
from mallard.kernel.ui import formats
from mallard.value.loyalty.models import BenefitKind, Tier
from mallard.value.loyalty.queries import ProgrammeFacts
from mallard.value.loyalty.rules import TierLevel
from mallard.value.loyalty.rules.schemes import MAX_GRACE_DAYS, Scheme, Window
from mallard.value.loyalty.segments import known_segments
from mallard.value.loyalty.services import BenefitInput

WINDOWS = (
    (Window.ROLLING, _("The 12 months before each day")),
    (Window.CALENDAR, _("The calendar year; kept until the end of the next")),
    (Window.ANNIVERSARY, _("Years from the day of joining; kept until the end of the next")),
)
PERCENT = 100


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class TierSchemeForm(forms.Form):
    """What tiers take from a day on."""

    starts_on = forms.DateField(
        label=_("From the business day"),
        widget=_day(),
        help_text=_("Earlier days keep what they had."),
    )
    window = forms.ChoiceField(label=_("What counts"), choices=WINDOWS)
    grace_days = forms.IntegerField(
        label=_("Days of grace"),
        min_value=0,
        max_value=MAX_GRACE_DAYS,
        help_text=_("How much longer a tier is kept after its period."),
    )
    value_per_amount = forms.DecimalField(
        label=_("One qualifying value for every"),
        min_value=Decimal(0),
        max_value=Decimal(10**6),
        help_text=_("Spent, in the programme's currency; 0 for none."),
    )
    value_per_visit = forms.IntegerField(
        label=_("Qualifying value for each visit"), min_value=0, max_value=10_000
    )

    def __init__(self, data: Any = None, *, facts: ProgrammeFacts, tiers: list[Tier]) -> None:
        self.precision = get_currency_precision(facts.currency)
        scheme = facts.schemes[-1]
        self.tiers = [tier for tier in tiers if scheme.level(tier.code) is not None]
        initial = {
            "starts_on": clock.now().date() + dt.timedelta(days=2),
            "window": scheme.window,
            "grace_days": scheme.grace_days,
            "value_per_amount": Decimal(scheme.value_per_minor).scaleb(-self.precision),
            "value_per_visit": scheme.value_per_visit,
        }
        super().__init__(data, initial=initial)
        for tier in tiers:
            level = scheme.level(tier.code)
            if level is not None:
                self._add(tier, level)

    def _add(self, tier: Tier, level: TierLevel) -> None:
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
            initial=level.value,
        )
        self.fields[f"bonus_{tier.code}"] = forms.DecimalField(
            label=_("Bonus in percent"),
            min_value=Decimal(0),
            max_value=Decimal(1_000),
            decimal_places=2,
            initial=Decimal(level.bonus_bp) / PERCENT,
        )
        self.fields[f"invited_{tier.code}"] = forms.BooleanField(
            label=_("By invitation only"),
            required=False,
            initial=level.by_invitation,
        )

    @property
    def sections(self) -> list[tuple[Any, list[Any]]]:
        names = ("starts_on", "window", "grace_days", "value_per_amount", "value_per_visit")
        parts = ("spend", "visits", "value", "bonus", "invited")
        of_tiers = [
            (self._title(tier), [self[f"{part}_{tier.code}"] for part in parts])
            for tier in self.tiers
        ]
        return [(_("What counts"), [self[name] for name in names]), *of_tiers]

    @staticmethod
    def _title(tier: Tier) -> str:
        if tier.has_begun(clock.now().date()) or tier.starts_on is None:
            return tier.name
        told = {"tier": tier.name, "day": formats.day(tier.starts_on)}
        return gettext("%(tier)s, which begins on %(day)s") % told

    def to_scheme(self) -> Scheme:
        """The scheme as the service takes it: without the tiers that begin after its first day,
        which keep what was set for theirs."""
        data = self.cleaned_data
        levels = tuple(
            TierLevel(
                tier.code,
                tier.rank,
                int(data[f"spend_{tier.code}"].scaleb(self.precision)),
                data[f"visits_{tier.code}"],
                int(data[f"bonus_{tier.code}"] * PERCENT),
                data[f"value_{tier.code}"],
                data[f"invited_{tier.code}"],
            )
            for tier in self.tiers
            if tier.has_begun(data["starts_on"])
        )
        return Scheme(
            data["starts_on"],
            levels,
            Window(data["window"]),
            data["grace_days"],
            int(data["value_per_amount"].scaleb(self.precision)),
            data["value_per_visit"],
        )


class GiveTierForm(forms.Form):
    """A tier for a member, with a reason and an end."""

    tier = forms.ChoiceField(label=_("Tier"))
    last_day = forms.DateField(label=_("Until the business day"), widget=_day())
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        min_length=3,
        help_text=_("It is shown in the member's history of tiers."),
    )

    def __init__(self, data: Any = None, *, tiers: list[Tier]) -> None:
        super().__init__(data, initial={"last_day": clock.now().date() + dt.timedelta(days=365)})
        self.fields["tier"].choices = [(tier.code, tier.name) for tier in tiers]  # type: ignore[attr-defined]


class BenefitForm(forms.Form):
    """Something that members of a tier or segment are entitled to."""

    kind = forms.ChoiceField(label=_("Kind"), choices=BenefitKind.choices)
    name_en = forms.CharField(label=_("English name"), max_length=200)
    name_zh = forms.CharField(label=_("Chinese name"), max_length=200)
    whose = forms.ChoiceField(
        label=_("For members of"),
        help_text=_("A tier, a segment, or a list of members that is shared."),
    )
    amount = forms.IntegerField(
        label=_("How much"),
        min_value=0,
        max_value=10_000,
        required=False,
        help_text=_("Parking: hours a month."),
    )

    def __init__(self, data: Any = None, *, tiers: list[Tier]) -> None:
        super().__init__(data)
        choices = [(f"tier:{tier.code}", tier.name) for tier in tiers]
        choices += [(f"segment:{key}", name) for key, name in known_segments().items()]
        self.fields["whose"].choices = choices  # type: ignore[attr-defined]

    def to_input(self) -> BenefitInput:
        data = dict(self.cleaned_data)
        kind, _colon, key = data.pop("whose").partition(":")
        return BenefitInput(
            **data,
            tier_code=key if kind == "tier" else "",
            segment=key if kind == "segment" else "",
        )
