"""The programme in the console: tiers, the rules in force, and the budgets that limit them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.money import Money
from mallard.kernel.ui import formats
from mallard.kernel.ui.parts import Fact
from mallard.value.loyalty.models import EarningRule, PointsBudget, Programme, Tier
from mallard.value.loyalty.pages.showing import RuleRow, rule_rows
from mallard.value.loyalty.permissions import EDIT_PROGRAMME, VIEW_PROGRAMME


@dataclass(frozen=True, slots=True)
class TierRow:
    tier: Tier
    spend: Money
    bonus: str


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
        "tiers": [_tier_row(tier, row) for tier in row.tiers.all()] if row else [],
        "rules": _latest_rules(row) if row else [],
        "budgets": _budgets(row) if row else [],
        "can_edit": may_edit and row is not None,
    }
    return render(request, "loyalty/programme.html", context)


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
            gettext("%(months)s months after the purchase") % {"months": row.expiry_months},
        ),
        Fact(_("Restricted goods"), gettext("Tobacco, infant formula and medicines never earn")),
        Fact(_("Rounding"), gettext("Points are rounded down, once per rule and receipt")),
    ]


def _tier_row(tier: Tier, row: Programme) -> TierRow:
    return TierRow(
        tier,
        Money(tier.spend_minor, row.currency),
        formats.percent(tier.bonus_bp, 10_000, digits=0),
    )


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
