"""The page for finance: what points are worth, whose they are, what if it changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from babel.numbers import get_currency_precision
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.money import Money
from mallard.kernel.ui import formats
from mallard.kernel.ui.parts import Badge, Chart
from mallard.value.ledger.showing import owner_names
from mallard.value.loyalty.queries import ProgrammeFacts, programme
from mallard.value.loyalty.settings import EXPECTED_REDEMPTION
from mallard.value.rewards import showing
from mallard.value.rewards.liability import (
    AGE_NAMES,
    FunderLiability,
    MonthFlow,
    RewardWorth,
    Sheet,
    rewards_by_worth,
)
from mallard.value.rewards.liability import sheet as read_sheet
from mallard.value.rewards.permissions import VIEW_LIABILITY
from mallard.value.rewards.settings import VALUE_ABOVE
from mallard.value.rewards.valuing import (
    BP,
    MICRO,
    PER_POINTS,
    Assumptions,
    Outcome,
    breakage_bp,
    cost_of,
    outcome,
)
from mallard.world.tasks.wording import month_name

FUNDERS_SHOWN = 30


class WhatIfForm(forms.Form):
    """Other assumptions than today's, in the address: they can be sent to a colleague."""

    cost = forms.DecimalField(
        min_value=0, max_value=10**6, required=False,
        help_text=_("What 1,000 points cost whoever pays for them."),
    )  # fmt: skip
    expected = forms.IntegerField(
        label=_("Redeemed one day, in percent"), min_value=0, max_value=100, required=False,
        help_text=_("The rest is breakage."),
    )  # fmt: skip
    price = forms.IntegerField(
        label=_("Prices of rewards, in percent of today's"),
        min_value=1, max_value=1_000, required=False,
        help_text=_("120: every reward takes a fifth more points."),
    )  # fmt: skip

    def __init__(self, data: Any, *, now_assumed: Assumptions, currency: str) -> None:
        self._now, self._digits = now_assumed, get_currency_precision(currency)
        cost = Decimal(now_assumed.point_cost_micro * PER_POINTS).scaleb(-self._digits) / MICRO
        today = {
            "cost": f"{cost.normalize():f}",
            "expected": str(now_assumed.expected_percent),
            "price": str(now_assumed.price_percent),
        }
        # What the address leaves out, or leaves empty, is as it is today.
        asked = {name: data.get(name) or value for name, value in today.items()} if data else None
        super().__init__(asked, initial=today)
        self.fields["cost"].label = gettext("Cost of 1,000 points, in %(currency)s") % {
            "currency": currency
        }

    def assumed(self) -> Assumptions:
        """What was typed; what was left out is as today."""
        data = self.cleaned_data if self.is_bound and self.is_valid() else {}
        cost, expected = data.get("cost"), data.get("expected")
        return Assumptions(
            self._now.point_cost_micro
            if cost is None
            else int(cost.scaleb(self._digits) * MICRO / PER_POINTS),
            self._now.expected_percent if expected is None else expected,
            data.get("price") or 100,
        )


@requires(VIEW_LIABILITY)
def liability(request: HttpRequest) -> HttpResponse:
    """Liability and breakage, by funder and age, flow by month, rewards by worth, and what if."""
    actor = actor_of(request)
    facts = programme()
    found = read_sheet(actor)
    today = Assumptions(facts.point_cost_micro, EXPECTED_REDEMPTION.value)
    form = WhatIfForm(request.GET or None, now_assumed=today, currency=facts.currency)
    assumed = form.assumed()
    then = outcome(found.outstanding, found.issued, found.redeemed, assumed)
    present = outcome(found.outstanding, found.issued, found.redeemed, today)
    breakage = breakage_bp(found.redeemed, found.expired)
    context = {
        "sheet": found,
        "cost": Money(present.liability_minor, facts.currency),
        "expected": formats.percent(today.expected_percent, 100, digits=0),
        "breakage": formats.percent(breakage, BP) if breakage is not None else None,
        "burn": formats.percent(found.redeemed, found.issued) if found.issued else None,
        "flow_chart": _flow_chart(found.flow),
        "flow": list(reversed(found.flow)),
        "funders": _funder_rows(found, facts, today),
        "ages": [_age_name(name) for name in AGE_NAMES],
        "ends": _ends(found),
        "rewards": [
            _reward_row(one, facts) for one in rewards_by_worth(actor, today.point_cost_micro)
        ],
        "point_cost": Money(cost_of(PER_POINTS, facts.point_cost_micro), facts.currency),
        "form": form,
        "is_changed": assumed != today,
        "compared": _compared(present, then, facts.currency),
    }
    return render(request, "rewards/liability.html", context, status=422 if form.errors else 200)


def _age_name(name: str) -> str:
    names = {
        "0-3": gettext("up to 3 months"),
        "4-6": gettext("3 to 6 months"),
        "7-12": gettext("6 to 12 months"),
        "13+": gettext("over a year"),
    }
    return names[name]


def _funder_rows(found: Sheet, facts: ProgrammeFacts, today: Assumptions) -> list[dict[str, Any]]:
    """Whose points they are, the largest first; the many small ones in one row at the end, so that
    the table adds up."""
    shown, others = found.funders[:FUNDERS_SHOWN], found.funders[FUNDERS_SHOWN:]
    names = owner_names([one.account for one in shown])

    def row(name: str, kind: str, funders: Sequence[FunderLiability]) -> dict[str, Any]:
        points = sum(one.points for one in funders)
        minor = cost_of(points, facts.point_cost_micro, expected_percent=today.expected_percent)
        ages = [sum(one.by_age[age] for one in funders) for age in AGE_NAMES]
        cost = Money(minor, facts.currency)
        return {"name": name, "kind": kind, "points": points, "cost": cost, "ages": ages}

    rows = [
        row(names.get(one.account.id, ""), one.account.get_owner_kind_display(), [one])
        for one in shown
    ]
    if others:
        said = ngettext("%(count)s further funder", "%(count)s further funders", len(others))
        rows.append(row(said % {"count": formats.number(len(others))}, "", others))
    return rows


def _ends(found: Sheet) -> list[tuple[str, int]]:
    dated = sorted((month, points) for month, points in found.by_end.items() if month is not None)
    rows = [(month_name(month), points) for month, points in dated[:12]]
    later = sum(points for _month, points in dated[12:])
    if later:
        rows.append((gettext("later"), later))
    if found.by_end.get(None):
        rows.append((pgettext("points", "never"), found.by_end[None]))
    return rows


def _reward_row(one: RewardWorth, facts: ProgrammeFacts) -> dict[str, Any]:
    ratio = one.worth.ratio_bp
    badge: Any = None
    if ratio is not None:
        is_high = bool(VALUE_ABOVE.value) and ratio > VALUE_ABOVE.value * 100
        badge = Badge(formats.percent(ratio, BP, digits=0), "warning" if is_high else "neutral")
    return {
        "name": one.reward.name,
        "url": reverse("rewards:reward", args=[one.reward.pk]),
        "price": showing.price_of(one.reward),
        "worth": Money(one.worth.per_points_minor, facts.currency),
        "ratio": badge,
        "taken": one.taken,
        "points": one.points,
    }


def _compared(present: Outcome, then: Outcome, currency: str) -> list[tuple[Any, Any, Any]]:
    def money(minor: int) -> str:
        return formats.money(Money(minor, currency))

    def share(bp: int | None) -> str:
        return formats.percent(bp, BP) if bp is not None else "–"

    def years(bp: int | None) -> str:
        return f"{Decimal(bp) / BP:.1f}" if bp is not None else "–"

    return [
        (_("Points liability"), money(present.liability_minor), money(then.liability_minor)),
        (
            _("Points redeemed in a year"),
            formats.number(present.burnt_points),
            formats.number(then.burnt_points),
        ),
        (_("Burn ratio"), share(present.burn_bp), share(then.burn_bp)),
        (
            _("Cost of what is redeemed in a year"),
            money(present.burn_cost_minor),
            money(then.burn_cost_minor),
        ),
        (_("Years until all is redeemed"), years(present.years_bp), years(then.years_bp)),
    ]


def _flow_chart(flow: Any) -> Chart | None:
    rows: list[MonthFlow] = list(flow)
    if not rows:
        return None
    parts = [
        (str(_("Issued")), [one.issued for one in rows]),
        (str(_("Redeemed")), [one.redeemed for one in rows]),
        (str(_("Expired")), [one.expired for one in rows]),
    ]
    option = {
        "legend": {"data": [name for name, _values in parts]},
        "xAxis": {"type": "category", "data": [_short(one.month) for one in rows]},
        "yAxis": {"type": "value"},
        "series": [{"type": "bar", "name": name, "data": values} for name, values in parts],
    }
    description = gettext(
        "In %(month)s %(issued)s points were issued, %(redeemed)s redeemed and %(expired)s expired."
    ) % {
        "month": month_name(rows[-1].month),
        "issued": formats.number(rows[-1].issued),
        "redeemed": formats.number(rows[-1].redeemed),
        "expired": formats.number(rows[-1].expired),
    }
    table = [
        [
            month_name(one.month),
            formats.number(one.issued),
            formats.number(one.redeemed),
            formats.number(one.expired),
            formats.number(one.outstanding),
        ]
        for one in reversed(rows)
    ]
    header: list[Any] = [_("Month"), *(name for name, _values in parts), _("Outstanding")]
    return Chart("points-flow", _("Points by month"), description, option, header, table)


def _short(month: dt.date) -> str:
    return f"{month:%Y-%m}"
