"""The programme in the console: tiers, the rules in force, and changing a rule from a moment on."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mallard.kernel import clock
from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.errors import NotFound
from mallard.kernel.money import Money
from mallard.kernel.ui import form_page, formats
from mallard.kernel.ui.parts import Badge, Fact
from mallard.value.loyalty.forms import EarningRuleForm
from mallard.value.loyalty.models import EarningRule, Programme, Tier
from mallard.value.loyalty.permissions import EDIT_PROGRAMME, VIEW_PROGRAMME
from mallard.value.loyalty.services import require_whole_group, set_earning_rule


@dataclass(frozen=True, slots=True)
class TierRow:
    tier: Tier
    spend: Money
    bonus: str


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule's version as the page tells it."""

    rule: EarningRule
    sentence: str
    applies_to: str
    funding: str
    state: Badge


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
        "rules": [_rule_row(rule, row) for rule in _rules(row)] if row else [],
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


def _rules(row: Programme) -> list[EarningRule]:
    rules = EarningRule.objects.filter(programme=row).select_related(
        "store", "trade_category", "category"
    )
    return list(rules.order_by("code", "-version"))


def _rule_row(rule: EarningRule, row: Programme) -> RuleRow:
    return RuleRow(
        rule,
        gettext("%(points)s for every %(amount)s")
        % {
            "points": formats.points(rule.points),
            "amount": formats.money(Money(rule.per_minor, row.currency)),
        },
        _applies_to(rule),
        _funding(rule.tenant_share_bp),
        _state(rule),
    )


def _funding(tenant_share_bp: int) -> str:
    """Who bears what of base points; a bonus is always the mall's."""
    tenant = formats.percent(tenant_share_bp, 10_000, digits=0)
    mall = formats.percent(10_000 - tenant_share_bp, 10_000, digits=0)
    if tenant_share_bp == 10_000:
        return gettext("Tenant")
    if tenant_share_bp == 0:
        return gettext("Mall")
    return gettext("Tenant %(tenant)s, mall %(mall)s") % {"tenant": tenant, "mall": mall}


def _applies_to(rule: EarningRule) -> str:
    parts = [thing.name for thing in (rule.category, rule.store, rule.trade_category) if thing]
    return " · ".join(parts) or gettext("Everything else")


def _state(rule: EarningRule) -> Badge:
    now = clock.now()
    if rule.starts_at > now:
        return Badge(gettext("From %(day)s") % {"day": formats.day(rule.starts_at)}, "info")
    if rule.ends_at is not None and rule.ends_at <= now:
        return Badge(gettext("Ended %(day)s") % {"day": formats.day(rule.ends_at)})
    return Badge(_("In force"), "success")


@requires(EDIT_PROGRAMME)
def new_rule(request: HttpRequest) -> HttpResponse:
    """A further rule, from a moment on."""
    return _rule_form(request, EarningRuleForm(request.POST or None), gettext("New earning rule"))


@requires(EDIT_PROGRAMME)
def change_rule(request: HttpRequest, code: str) -> HttpResponse:
    """The next version of a rule: what was earned under this one stays."""
    rule = EarningRule.objects.filter(code=code).order_by("-version").first()
    if rule is None:
        raise NotFound()
    form = EarningRuleForm(request.POST or None, rule=rule)
    return _rule_form(request, form, gettext("Change %(name)s") % {"name": rule.name})


def _rule_form(request: HttpRequest, form: EarningRuleForm, title: str) -> HttpResponse:
    require_whole_group(actor_of(request))
    return form_page.respond(
        request,
        form,
        save=lambda _data: set_earning_rule(form.to_input(), actor=actor_of(request)),
        title=title,
        done=_("The rule is set."),
        next_url=lambda _row: reverse("loyalty:programme"),
        back_url=reverse("loyalty:programme"),
        back_label=_("Programme"),
    )
