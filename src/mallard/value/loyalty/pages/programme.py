"""The programme in the console: tiers, the rules in force, and the budgets that limit them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mallard.kernel import clock
from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.money import Money
from mallard.kernel.ui import form_page, formats
from mallard.kernel.ui.parts import Fact
from mallard.value.loyalty.errors import NoProgramme
from mallard.value.loyalty.expiry import ExpiryMode
from mallard.value.loyalty.models import Benefit, EarningRule, PointsBudget, Programme, Tier
from mallard.value.loyalty.pages.showing import RuleRow, rule_rows
from mallard.value.loyalty.pages.tier_list import coming_of, listed
from mallard.value.loyalty.permissions import EDIT_PROGRAMME, VIEW_PROGRAMME
from mallard.value.loyalty.programme_forms import SetUpForm, form_of
from mallard.value.loyalty.queries import programme as programme_facts
from mallard.value.loyalty.rules import TierLevel
from mallard.value.loyalty.rules.schemes import scheme_on
from mallard.value.loyalty.segments import segment_names
from mallard.value.loyalty.services import (
    change_programme,
    require_whole_group,
    set_up_programme,
)
from mallard.value.loyalty.settings import EXPIRY_MODE
from mallard.value.loyalty.tier_forms import WINDOWS
from mallard.world.malls.models import Mall


@dataclass(frozen=True, slots=True)
class TierRow:
    """A tier with what it takes today."""

    tier: Tier
    level: TierLevel
    spend: Money
    bonus: str
    coming: str


@dataclass(frozen=True, slots=True)
class BudgetRow:
    budget: PointsBudget
    is_of_a_rule: bool

    @property
    def left(self) -> int:
        return self.budget.limit_points - self.budget.used_points


@requires(VIEW_PROGRAMME)
def programme(request: HttpRequest) -> HttpResponse:
    """Tiers and earning rules, as sentences."""
    row = Programme.objects.order_by("code").first()
    actor = actor_of(request)
    may_edit = actor.may(EDIT_PROGRAMME) and actor.scope.is_group
    context = {
        "programme": row,
        "facts": _facts(row) if row else [],
        "tiers": _tier_rows(row) if row else [],
        "coming": _coming(row) if row else [],
        "coming_tiers": _coming_tiers(row) if row else [],
        "has_value": row is not None and any(level.value for level in facts_of(row)),
        "window": _window(row) if row else "",
        "benefits": _benefits(row) if row else [],
        "rules": _latest_rules(row) if row else [],
        "budgets": _budgets(row) if row else [],
        "can_edit": may_edit and row is not None,
        "can_set_up": may_edit and row is None,
    }
    return render(request, "loyalty/programme.html", context)


@requires(EDIT_PROGRAMME)
def set_up(request: HttpRequest) -> HttpResponse:
    """The group's programme begins: how points live, and the first tiers."""
    actor = actor_of(request)
    require_whole_group(actor)
    currencies = sorted(set(Mall.objects.values_list("currency", flat=True)))
    form = SetUpForm(request.POST or None, currencies=currencies)
    back = reverse("loyalty:programme")
    return form_page.respond(
        request,
        form,
        save=lambda data: set_up_programme(
            code=data["code"],
            currency=data["currency"],
            tiers=form.tiers(),
            actor=actor,
            **form.terms(data["currency"]),
        ),
        title=_("Set up the programme"),
        done=_("The programme is set up. Its first earning rule is next."),
        next_url=lambda _row: back,
        back_url=back,
        back_label=_("Programme"),
        template="loyalty/tiers_form.html",
        context={"needs_mall": not currencies},
    )


@requires(EDIT_PROGRAMME)
def change(request: HttpRequest) -> HttpResponse:
    """What the programme is called, and how points live from now on."""
    actor = actor_of(request)
    require_whole_group(actor)
    row = Programme.objects.order_by("code").first()
    if row is None:
        raise NoProgramme()
    form, back = form_of(row, request.POST or None), reverse("loyalty:programme")
    return form_page.respond(
        request,
        form,
        save=lambda _data: change_programme(actor=actor, **form.terms(row.currency)),
        title=_("Change the programme"),
        done=_("The programme is changed. Points that members have keep their days."),
        next_url=lambda _row: back,
        back_url=back,
        back_label=_("Programme"),
        template="loyalty/change_form.html",
        context={"tiers": listed(row)},
    )


def _facts(row: Programme) -> list[Fact]:
    return [
        Fact(_("Currency"), row.currency),
        Fact(
            _("Points can be spent"),
            gettext("at once")
            if row.maturing_days == 0
            else gettext("%(days)s days after the purchase") % {"days": row.maturing_days},
        ),
        Fact(
            _("Points expire"),
            _expiry(row),
        ),
        Fact(_("Restricted goods"), gettext("Tobacco, infant formula and medicines never earn")),
        Fact(_("Rounding"), gettext("Points are rounded down, once per rule and receipt")),
    ]


def _expiry(row: Programme) -> str:
    """When points end, as the setting says."""
    months = {"months": row.expiry_months}
    if EXPIRY_MODE.value == ExpiryMode.INACTIVITY:
        return gettext("%(months)s months after the last purchase that earns") % months
    if EXPIRY_MODE.value == ExpiryMode.FIXED_DAY:
        return gettext("On the fixed day that follows %(months)s months") % months
    return gettext("%(months)s months after the purchase") % months


def _tier_rows(row: Programme) -> list[TierRow]:
    levels = {level.code: level for level in facts_of(row)}
    return [
        TierRow(
            tier,
            levels[tier.code],
            Money(levels[tier.code].spend_minor, row.currency),
            formats.percent(levels[tier.code].bonus_bp, 10_000, digits=0),
            coming_of(tier),
        )
        for tier in row.tiers.all()
        if tier.code in levels
    ]


def _coming_tiers(row: Programme) -> list[str]:
    """The tiers that will be there, with the day from which on."""
    today = clock.now().date()
    return [
        gettext("%(tier)s: %(told)s") % {"tier": tier.name, "told": coming_of(tier)}
        for tier in row.tiers.all()
        if not tier.has_begun(today)
    ]


def facts_of(_row: Programme) -> tuple[TierLevel, ...]:
    """What tiers take today."""
    return programme_facts().tiers


def _window(_row: Programme) -> str:
    today = clock.now().date()
    scheme = scheme_on(programme_facts().schemes, today)
    text = str(dict(WINDOWS)[scheme.window])
    if scheme.grace_days:
        grace = gettext("%(days)s days of grace") % {"days": scheme.grace_days}
        text = f"{text} · {grace}"
    return text


def _coming(_row: Programme) -> list[str]:
    """The days from which tiers will take something else."""
    today = clock.now().date()
    return [formats.day(s.starts_on) for s in programme_facts().schemes if s.starts_on > today]


def _benefits(row: Programme) -> list[tuple[Benefit, str]]:
    """Each benefit with whose it is."""
    rows = Benefit.objects.filter(programme=row, ended_at=None).select_related("tier")
    segments = segment_names({one.segment for one in rows if one.segment})
    return [
        (one, one.tier.name if one.tier else segments.get(one.segment, one.segment))
        for one in rows.order_by("tier__rank", "kind", "id")
    ]


def _latest_rules(row: Programme) -> Sequence[RuleRow]:
    """The latest version of each rule; those that still give points first."""
    latest: dict[str, EarningRule] = {}
    for rule in EarningRule.objects.filter(programme=row).order_by("code", "version"):
        latest[rule.code] = rule
    rows = rule_rows(list(latest.values()), row.currency)
    return sorted(rows, key=lambda one: (one.is_over, not one.is_base, one.rule.code))


def _budgets(row: Programme) -> list[BudgetRow]:
    budgets = PointsBudget.objects.filter(programme=row).order_by("code")
    return [BudgetRow(budget, budget.code.startswith("rule:")) for budget in budgets]
