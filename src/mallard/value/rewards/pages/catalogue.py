"""Rewards and desks: lists, records, forms; and what happens to stock."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.bilingual import with_shown_name
from mallard.kernel.money import Money
from mallard.kernel.ui import form_page, formats
from mallard.kernel.ui.filters import ChoiceFilter
from mallard.kernel.ui.lists import Column, Empty, ListPage
from mallard.kernel.ui.parts import Fact
from mallard.value.loyalty.models import Programme
from mallard.value.loyalty.queries import tier_names
from mallard.value.loyalty.services import require_whole_group
from mallard.value.rewards import queries, services, showing
from mallard.value.rewards.forms import DeskForm, RewardForm, StockForm
from mallard.value.rewards.kinds import reward_kinds
from mallard.value.rewards.models import MovementKind, Reward
from mallard.value.rewards.pages import cells
from mallard.value.rewards.permissions import EDIT_REWARD, MOVE_STOCK, VIEW_REWARD

REDEMPTIONS_SHOWN = 8
MOVEMENTS_SHOWN = 8


def _kinds(_request: HttpRequest) -> list[tuple[str, Any]]:
    return [(kind.code, kind.name) for kind in reward_kinds()]


REWARDS = ListPage(
    key="rewards",
    title=_("Rewards"),
    columns=(
        Column("name", _("Name"), cells.named, sort="shown_name"),
        Column("kind", _("Kind"), cells.kind_name, from_width="md"),
        Column("points", _("Price"), showing.price_of, sort="points", plain="points", align="end"),
        Column(
            "cost",
            _("Cost of one"),
            lambda row: formats.money(Money(row.cost_minor, row.currency)),
            sort="cost_minor",
            plain=lambda row: Money(row.cost_minor, row.currency),
            is_money=True,
            align="end",
            from_width="lg",
        ),
        Column(
            "free",
            _("Free in stock"),
            lambda row: formats.number(row.free) if row.is_counted else None,
            sort="free",
            plain=lambda row: row.free if row.is_counted else None,
            align="end",
        ),
        Column("state", _("State"), cells.reward_state),
    ),
    default_sort="points",
    filters=(
        ChoiceFilter("kind", _("Kind"), choices=_kinds),
        ChoiceFilter(
            "state",
            _("State"),
            choices=[("offered", _("Offered")), ("not", _("Not offered"))],
            apply=lambda rows, value: (
                rows.filter(pk__in=queries.offered_rewards().values("pk"))
                if value == "offered"
                else rows.exclude(pk__in=queries.offered_rewards().values("pk"))
            ),
        ),
    ),
    row_url=lambda row: reverse("rewards:reward", args=[row.pk]),
    empty=Empty(
        _("No rewards yet"), _("Make one, receive it at a desk, and redeem it."), icon="gift"
    ),
    template="rewards/list.html",
)

DESKS = ListPage(
    key="desks",
    title=_("Desks"),
    columns=(
        Column("name", _("Name"), cells.named, sort="shown_name"),
        Column("code", _("Code"), "code", sort="code", from_width="md"),
        Column("mall", _("Mall"), "mall.name", sort="mall__code"),
        Column("state", _("State"), cells.desk_state),
    ),
    default_sort="mall",
    empty=Empty(_("No desks yet"), _("A desk keeps stock and hands rewards over."), icon="gift"),
    template="rewards/desks.html",
)

MOVEMENTS = ListPage(
    key="reward-movements",
    title=_("Stock movements"),
    columns=(
        Column("when", _("When"), lambda row: formats.moment(row.recorded_at), sort="id"),
        Column("reward", _("Reward"), "reward.name"),
        Column("desk", _("Desk"), "desk.full_name", from_width="md"),
        Column("kind", _("What"), lambda row: row.get_kind_display(), plain="kind"),
        Column(
            "quantity",
            _("Quantity"),
            lambda row: f"{row.quantity:+d}".replace("-", "−"),
            plain="quantity",
            align="end",
        ),
        Column("after", _("Then there"), "on_hand_after", align="end"),
        Column("reason", _("Reason"), "reason", from_width="lg"),
    ),
    default_sort="-when",
    filters=(ChoiceFilter("kind", _("What"), choices=MovementKind.choices, column="kind"),),
    empty=Empty(_("Nothing has moved yet"), icon="package"),
)


@requires(VIEW_REWARD)
def rewards(request: HttpRequest) -> HttpResponse:
    """What points buy, with what is free at the reader's desks."""
    actor = actor_of(request)
    rows = with_shown_name(queries.with_stock(Reward.objects.all(), actor))
    context = {"may_edit": actor.may(EDIT_REWARD) and actor.scope.is_group}
    return REWARDS.respond(request, rows, context)


@requires(VIEW_REWARD)
def desks(request: HttpRequest) -> HttpResponse:
    """Where rewards lie and are collected."""
    actor = actor_of(request)
    context = {"may_edit": _may_edit_desks(actor)}
    return DESKS.respond(request, with_shown_name(queries.visible_desks(actor)), context)


def _may_edit_desks(actor: Any) -> bool:
    return bool(actor.may(EDIT_REWARD) and (actor.scope.is_group or actor.scope.mall_ids))


@requires(VIEW_REWARD)
def movements(request: HttpRequest) -> HttpResponse:
    """Everything that changed stock, newest first."""
    return MOVEMENTS.respond(request, queries.visible_movements(actor_of(request)))


@requires(VIEW_REWARD)
def reward(request: HttpRequest, reward_id: UUID) -> HttpResponse:
    """A reward: terms, stock at each desk, what moved, who took it."""
    actor = actor_of(request)
    row = queries.reward_of(reward_id)
    stocks = queries.visible_stocks(actor).filter(reward=row).order_by("desk__mall__code")
    moved = queries.visible_movements(actor).filter(reward=row).order_by("-id")
    taken = queries.visible_redemptions(actor).filter(reward=row).order_by("-placed_at")
    context = {
        "reward": row,
        "state": cells.reward_state(row),
        "facts": _facts(row),
        "stocks": list(stocks),
        "movements": list(moved[:MOVEMENTS_SHOWN]),
        "redemptions": _shown(taken[:REDEMPTIONS_SHOWN]),
        "may_edit": actor.may(EDIT_REWARD) and actor.scope.is_group,
        "may_move": actor.may(MOVE_STOCK) and row.is_counted,
    }
    return render(request, "rewards/reward.html", context)


def _shown(rows: QuerySet[Any]) -> list[dict[str, Any]]:
    return [{"row": row, "state": showing.status_badge(row)} for row in rows]


def _facts(row: Reward) -> list[Fact]:
    window = " – ".join(
        formats.moment(moment) if moment else "…" for moment in (row.starts_at, row.ends_at)
    )
    kept = (
        gettext("then the points stay spent")
        if row.keeps_uncollected
        else gettext("then points and goods go back")
    )
    return [
        Fact(_("Code"), row.code),
        Fact(_("Kind"), cells.kind_name(row)),
        Fact(_("Price"), showing.price_of(row)),
        Fact(_("Cost of one"), formats.money(Money(row.cost_minor, row.currency))),
        Fact(_("Paid for by"), cells.funder_names([row]).get(row.funder_id)),
        Fact(_("For whom"), cells.limits_of(row, tier_names())),
        Fact(_("Offered"), window if row.starts_at or row.ends_at else gettext("always")),
        Fact(
            _("Waits"),
            gettext("%(minutes)s minutes to be confirmed, %(days)s days to be collected, %(kept)s")
            % {"minutes": row.hold_minutes, "days": row.collect_days, "kept": kept},
        ),
        Fact(_("Origin"), row.get_origin_display(), is_generated=row.is_generated),
    ]


@requires(EDIT_REWARD)
def new_reward(request: HttpRequest) -> HttpResponse:
    """A reward for every mall."""
    require_whole_group(actor_of(request))
    programme = Programme.objects.order_by("code").first()
    currency = programme.currency if programme else ""
    form = RewardForm(request.POST or None, currency=currency)
    return form_page.respond(
        request,
        form,
        save=lambda _data: services.create_reward(form.to_input(), actor=actor_of(request)),
        title=_("New reward"),
        done=_("The reward is saved."),
        next_url=lambda row: reverse("rewards:reward", args=[row.pk]),
        back_url=reverse("rewards:rewards"),
        back_label=_("Rewards"),
    )


@requires(EDIT_REWARD)
def edit_reward(request: HttpRequest, reward_id: UUID) -> HttpResponse:
    require_whole_group(actor_of(request))
    row = queries.reward_of(reward_id)
    form = RewardForm(request.POST or None, reward=row)
    here = reverse("rewards:reward", args=[row.pk])
    return form_page.respond(
        request,
        form,
        save=lambda _data: services.update_reward(row.pk, form.to_input(), actor=actor_of(request)),
        title=gettext("Change %(name)s") % {"name": row.name},
        done=_("The reward is saved."),
        next_url=lambda _row: here,
        back_url=here,
        back_label=row.name,
    )


@requires(EDIT_REWARD)
@require_POST
def close_reward(request: HttpRequest, reward_id: UUID) -> HttpResponse:
    services.close_reward(queries.reward_of(reward_id).pk, actor=actor_of(request))
    messages.success(request, gettext("It is offered no more. What was promised stays promised."))
    return redirect("rewards:reward", reward_id)


@requires(EDIT_REWARD)
@require_POST
def reopen_reward(request: HttpRequest, reward_id: UUID) -> HttpResponse:
    services.reopen_reward(queries.reward_of(reward_id).pk, actor=actor_of(request))
    messages.success(request, gettext("It is offered again."))
    return redirect("rewards:reward", reward_id)


@requires(MOVE_STOCK)
def stock(request: HttpRequest, reward_id: UUID) -> HttpResponse:
    """Receive, count, send or correct what a desk has of a reward."""
    actor = actor_of(request)
    row = queries.reward_of(reward_id)
    form = StockForm(request.POST or None, actor=actor, act=request.GET.get("act", "receive"))
    here = reverse("rewards:reward", args=[row.pk])
    return form_page.respond(
        request,
        form,
        save=lambda data: _move(row, data, actor),
        title=gettext("Stock of %(name)s") % {"name": row.name},
        done=_("The stock is changed."),
        next_url=lambda _row: here,
        back_url=here,
        back_label=row.name,
    )


def _move(row: Reward, data: dict[str, Any], actor: Any) -> Any:
    common = {
        "reward_id": row.pk,
        "desk_id": data["desk"].pk,
        "key": data["key"],
        "reason": data["reason"],
        "actor": actor,
    }
    if data["act"] == "count":
        return services.count_stock(counted=data["quantity"], **common)
    if data["act"] == "send":
        to_desk = data["to_desk"].pk
        return services.send_stock(quantity=data["quantity"], to_desk_id=to_desk, **common)
    if data["act"] == "correct":
        return services.correct_stock(quantity=data["quantity"], **common)
    return services.receive_stock(quantity=data["quantity"], **common)


@requires(EDIT_REWARD)
def new_desk(request: HttpRequest) -> HttpResponse:
    """A desk in one of the reader's malls."""
    form = DeskForm(request.POST or None, actor=actor_of(request))
    return form_page.respond(
        request,
        form,
        save=lambda _data: services.create_desk(form.to_input(), actor=actor_of(request)),
        title=_("New desk"),
        done=_("The desk is saved."),
        **_back_to_desks(),
    )


@requires(EDIT_REWARD)
def edit_desk(request: HttpRequest, desk_id: UUID) -> HttpResponse:
    row = queries.visible_desk(actor_of(request), desk_id)
    form = DeskForm(request.POST or None, actor=actor_of(request), desk=row)
    return form_page.respond(
        request,
        form,
        save=lambda _data: services.update_desk(row.pk, form.to_input(), actor=actor_of(request)),
        title=gettext("Change %(name)s") % {"name": row.name},
        done=_("The desk is saved."),
        template="rewards/desk.html",
        context={"desk": row},
        **_back_to_desks(),
    )


def _back_to_desks() -> dict[str, Any]:
    url = reverse("rewards:desks")
    return {"next_url": lambda _row: url, "back_url": url, "back_label": _("Desks")}


@requires(EDIT_REWARD)
@require_POST
def close_desk(request: HttpRequest, desk_id: UUID) -> HttpResponse:
    row = queries.visible_desk(actor_of(request), desk_id)
    services.close_desk(row.pk, actor=actor_of(request))
    messages.success(request, gettext("The desk is closed. What waits there can be collected."))
    return redirect("rewards:desks")


@requires(EDIT_REWARD)
@require_POST
def reopen_desk(request: HttpRequest, desk_id: UUID) -> HttpResponse:
    row = queries.visible_desk(actor_of(request), desk_id)
    services.reopen_desk(row.pk, actor=actor_of(request))
    messages.success(request, gettext("The desk is open again."))
    return redirect("rewards:desks")
