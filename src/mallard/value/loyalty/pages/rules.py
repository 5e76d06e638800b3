"""An earning rule on screen: its versions, building one with a preview, ending it; budgets."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from mallard.kernel import clock
from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.errors import NotFound
from mallard.kernel.ui import form_page, formats
from mallard.kernel.ui.parts import Fact
from mallard.value.loyalty.forms import BudgetForm, EarningRuleForm, EndRuleForm
from mallard.value.loyalty.models import EarningRule, PointsBudget, Programme
from mallard.value.loyalty.pages.showing import rule_rows
from mallard.value.loyalty.permissions import EDIT_PROGRAMME, VIEW_PROGRAMME
from mallard.value.loyalty.queries import version_of
from mallard.value.loyalty.sentences import names_for, told
from mallard.value.loyalty.services import (
    end_earning_rule,
    require_whole_group,
    set_earning_rule,
    set_points_budget,
)


@requires(VIEW_PROGRAMME)
def rule(request: HttpRequest, code: str) -> HttpResponse:
    """A rule in both languages, and every version that it had."""
    versions = list(EarningRule.objects.filter(code=code).order_by("-version"))
    if not versions:
        raise NotFound()
    currency = _currency()
    latest = version_of(versions[0])
    rows = rule_rows(versions, currency)
    actor = actor_of(request)
    can_edit = actor.may(EDIT_PROGRAMME) and actor.scope.is_group
    context = {
        "rule": versions[0],
        "told": told(latest, names_for([latest]), currency),
        "rows": rows,
        "facts": [
            Fact(_("Code"), versions[0].code),
            Fact(_("State"), rows[0].state),
            Fact(_("Funded by"), rows[0].funding),
            Fact(_("Since"), formats.moment(versions[-1].starts_at)),
        ],
        "can_edit": can_edit,
        "can_end": can_edit and not rows[0].is_over,
    }
    return render(request, "loyalty/rule.html", context)


@requires(EDIT_PROGRAMME)
def new_rule(request: HttpRequest) -> HttpResponse:
    """A further rule, from a moment on."""
    return _rule_form(request, EarningRuleForm(request.POST or None), gettext("New earning rule"))


@requires(EDIT_PROGRAMME)
def change_rule(request: HttpRequest, code: str) -> HttpResponse:
    """The next version of a rule: what was earned under this one stays."""
    row = _latest(code)
    form = EarningRuleForm(request.POST or None, rule=row)
    return _rule_form(request, form, gettext("Change %(name)s") % {"name": row.name})


@requires(EDIT_PROGRAMME)
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """The rule that is being typed, read back in both languages."""
    code = request.POST.get("code") or "preview"
    data = request.POST.copy()
    for name in ("code", "name_en", "name_zh"):
        data[name] = data.get(name) or "preview"
    form = EarningRuleForm(data)
    context: dict[str, Any] = {"code": code}
    if form.is_valid():
        version = form.to_version(clock.now())
        context["told"] = told(version, names_for([version]), _currency())
    else:
        context["faults"] = [
            (form.fields[name].label if name in form.fields else "", errors[0])
            for name, errors in form.errors.items()
        ]
    return render(request, "loyalty/parts/preview.html", context)


@requires(EDIT_PROGRAMME)
def end_rule(request: HttpRequest, code: str) -> HttpResponse:
    """End a rule at a moment; what was earned stays."""
    actor = actor_of(request)
    require_whole_group(actor)
    row = _latest(code)
    back = reverse("loyalty:rule", args=[code])
    return form_page.respond(
        request,
        EndRuleForm(request.POST if request.method == "POST" else None),
        save=lambda data: end_earning_rule(code, at=data["ends_at"], actor=actor),
        title=gettext("End %(name)s") % {"name": row.name},
        done=_("The rule ends."),
        next_url=lambda _row: back,
        back_url=back,
        back_label=row.name,
    )


@requires(EDIT_PROGRAMME)
def new_budget(request: HttpRequest) -> HttpResponse:
    """A budget that rules may share."""
    return _budget_form(request, BudgetForm(request.POST or None), gettext("New points budget"))


@requires(EDIT_PROGRAMME)
def change_budget(request: HttpRequest, code: str) -> HttpResponse:
    """Another limit or another name."""
    row = PointsBudget.objects.filter(code=code).first()
    if row is None:
        raise NotFound()
    form = BudgetForm(request.POST or None, budget=row)
    return _budget_form(request, form, gettext("Change %(name)s") % {"name": row.name})


def _latest(code: str) -> EarningRule:
    row = EarningRule.objects.filter(code=code).order_by("-version").first()
    if row is None:
        raise NotFound()
    return row


def _currency() -> str:
    row = Programme.objects.order_by("code").first()
    return row.currency if row else "CNY"


def _rule_form(request: HttpRequest, form: EarningRuleForm, title: str) -> HttpResponse:
    actor = actor_of(request)
    require_whole_group(actor)
    back = reverse("loyalty:programme")
    return form_page.respond(
        request,
        form,
        save=lambda _data: set_earning_rule(form.to_input(), actor=actor),
        title=title,
        done=_("The rule is set."),
        next_url=lambda row: reverse("loyalty:rule", args=[row.code]),
        back_url=back,
        back_label=_("Programme"),
        template="loyalty/rule_form.html",
    )


def _budget_form(request: HttpRequest, form: BudgetForm, title: str) -> HttpResponse:
    actor = actor_of(request)
    require_whole_group(actor)
    back = reverse("loyalty:programme")
    return form_page.respond(
        request,
        form,
        save=lambda _data: set_points_budget(form.to_input(), actor=actor),
        title=title,
        done=_("The budget is set."),
        next_url=lambda _row: back,
        back_url=back,
        back_label=_("Programme"),
    )
