"""Redemptions: the list, the record with what can be done, the slip, and handing over by code."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from mallard.kernel.access.actor import Actor, ActorKind
from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.errors import DomainError
from mallard.kernel.money import Money
from mallard.kernel.ui import form_page, formats
from mallard.kernel.ui.filters import ChoiceFilter, DateRangeFilter
from mallard.kernel.ui.forms import add_refusal
from mallard.kernel.ui.lists import Column, Empty, ListPage
from mallard.kernel.ui.parts import Fact, TimelineEntry
from mallard.value.ledger.queries import wallet_of
from mallard.value.rewards import queries, services, showing
from mallard.value.rewards.errors import CodeUnknown, RedemptionUnknown
from mallard.value.rewards.forms import CancelForm, CodeForm, RedeemForm
from mallard.value.rewards.inputs import RedemptionInput
from mallard.value.rewards.models import OPEN_STATUSES, Redemption, Status
from mallard.value.rewards.pages import cells
from mallard.value.rewards.permissions import CANCEL_REDEMPTION, REDEEM_REWARD, VIEW_REWARD
from mallard.value.rewards.rules import shown_code
from mallard.value.rewards.services.proving import is_code_needed
from mallard.value.wallets.queries import family_rights
from mallard.world.members.permissions import VIEW_MEMBER
from mallard.world.members.queries import records_of, visible_member, visible_members
from mallard.world.memberweb.services import is_shown_to


def _desk_choices(request: HttpRequest) -> list[tuple[str, str]]:
    desks = queries.visible_desks(actor_of(request)).order_by("mall__code", "code")
    return [(str(desk.pk), desk.full_name) for desk in desks]


REDEMPTIONS = ListPage(
    key="redemptions",
    title=_("Redemptions"),
    columns=(
        Column("placed", _("When"), lambda row: formats.moment(row.placed_at), sort="placed_at"),
        Column("reward", _("Reward"), "reward.name"),
        Column("desk", _("Desk"), "desk.full_name", from_width="md"),
        Column(
            "points",
            _("Points"),
            lambda row: formats.number(row.points),
            sort="points",
            plain="points",
            align="end",
        ),
        Column("code", _("Code"), lambda row: shown_code(row.code), from_width="lg"),
        Column("status", _("State"), showing.status_badge),
    ),
    default_sort="-placed",
    filters=(
        ChoiceFilter("status", _("State"), choices=Status.choices, column="status"),
        ChoiceFilter("desk", _("Desk"), choices=_desk_choices, column="desk"),
        DateRangeFilter("placed", _("When"), column="placed_at"),
    ),
    row_url=lambda row: reverse("rewards:redemption", args=[row.pk]),
    empty=Empty(
        _("No redemptions yet"), _("Open a member and redeem a reward for them."), icon="gift"
    ),
    template="rewards/redemptions.html",
)


@requires(VIEW_REWARD)
def redemptions(request: HttpRequest) -> HttpResponse:
    """What members took at the reader's desks."""
    actor = actor_of(request)
    rows = queries.visible_redemptions(actor)
    return REDEMPTIONS.respond(request, rows, {"may_redeem": actor.may(REDEEM_REWARD)})


@requires(VIEW_REWARD)
def redemption(request: HttpRequest, redemption_id: UUID) -> HttpResponse:
    """A redemption: what, for how much, where it is in its life, and what can be done."""
    row = queries.visible_redemption(actor_of(request), redemption_id)
    return render(request, "rewards/redemption.html", _context(request, row, CancelForm()))


def _context(request: HttpRequest, row: Redemption, cancel_form: CancelForm) -> dict[str, Any]:
    actor = actor_of(request)
    may = actor.may(REDEEM_REWARD)
    is_open = row.status in OPEN_STATUSES
    if is_open:
        cancel_form.fields.pop("is_goods_back", None)
    may_cancel = may and (
        is_open or (row.status == Status.COLLECTED and actor.may(CANCEL_REDEMPTION))
    )
    return {
        "row": row,
        "state": showing.status_badge(row),
        "shown_code": shown_code(row.code),
        "facts": _facts(row, actor),
        "entries": _life(row),
        "may_confirm": may and row.status == Status.HELD,
        "may_collect": may and row.status == Status.CONFIRMED,
        "may_cancel": may_cancel,
        "is_open": is_open,
        "to_pay": Money(row.price_minor, row.currency) if row.price_minor else None,
        "cancel_form": cancel_form,
    }


def _facts(row: Redemption, actor: Any) -> list[Fact]:
    is_known = actor.may(VIEW_MEMBER) and visible_members(actor).filter(pk=row.member_id).exists()
    url = reverse("members:detail", args=[row.member_id]) if is_known else ""
    number = row.member.number if is_known else None
    facts = [
        Fact(_("Member"), number, url=url),
        Fact(
            _("Reward"),
            f"{row.quantity} × {row.reward.name}" if row.quantity > 1 else row.reward.name,
            url=reverse("rewards:reward", args=[row.reward_id]),
        ),
        Fact(_("Price"), showing.price(row.points, row.price_minor, row.currency)),
        Fact(_("Desk"), row.desk.full_name),
        Fact(_("Paid for by"), cells.funder_names([row]).get(row.funder_id)),
        Fact(_("Cost"), formats.money(Money(row.cost_minor, row.currency))),
    ]
    if row.reason:
        facts.append(Fact(_("Reason"), row.reason))
    is_own = row.actor_kind == ActorKind.MEMBER
    origin = _("Taken by the member, on their own page") if is_own else row.get_origin_display()
    facts.append(Fact(_("Origin"), origin, is_generated=row.is_generated))
    return facts


def _life(row: Redemption) -> list[TimelineEntry]:
    zone = row.desk.mall.zone
    steps: list[tuple[Any, Any, str, Any]] = [
        (row.placed_at, _("Points and goods held"), "lock", "neutral"),
        (row.confirmed_at, _("Points spent"), "coins", "accent"),
        (row.collected_at, _("Handed over"), "gift", "success"),
        (row.ended_at, row.get_status_display(), "arrow-back-up", "warning"),
    ]
    back = gettext("The points went back to the lots they came from.")
    entries = [
        TimelineEntry(
            at=at,
            title=title,
            detail=back if at == row.ended_at and row.is_points_given_back else "",
            icon=icon,
            tone=tone,
            zone=zone,
        )
        for at, title, icon, tone in steps
        if at is not None
    ]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


@requires(REDEEM_REWARD)
@require_POST
def confirm(request: HttpRequest, redemption_id: UUID) -> HttpResponse:
    """The member agrees: the points are spent."""
    services.confirm_redemption(redemption_id, actor=actor_of(request))
    messages.success(request, gettext("Confirmed: the points are spent."))
    return redirect("rewards:redemption", redemption_id)


@requires(REDEEM_REWARD)
@require_POST
def collect(request: HttpRequest, redemption_id: UUID) -> HttpResponse:
    """The goods go over the counter."""
    services.collect_redemption(redemption_id, actor=actor_of(request))
    messages.success(request, gettext("Handed over."))
    return redirect("rewards:redemption", redemption_id)


@requires(REDEEM_REWARD)
@require_POST
def cancel(request: HttpRequest, redemption_id: UUID) -> HttpResponse:
    """Take a redemption back, with a reason."""
    actor = actor_of(request)
    row = queries.visible_redemption(actor, redemption_id)
    form = CancelForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        is_back = data["is_goods_back"] or row.status in OPEN_STATUSES
        try:
            services.cancel_redemption(
                row.pk, reason=data["reason"], is_goods_back=is_back, actor=actor
            )
        except DomainError as error:
            add_refusal(form, error)
        else:
            messages.success(request, gettext("Cancelled: the points are back."))
            return redirect("rewards:redemption", redemption_id)
    context = _context(request, queries.visible_redemption(actor, redemption_id), form)
    return render(request, "rewards/redemption.html", context, status=422)


@requires(REDEEM_REWARD)
def redeem(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """A reward for a member: held first, so that they see it before the points are spent."""
    actor = actor_of(request)
    member = visible_member(actor, member_id)
    form = RedeemForm(
        request.POST or None,
        actor=actor,
        family=_family(actor, member.pk),
        needs_code=is_code_needed(actor) and not is_shown_to(member.pk, actor=actor),
    )
    back = reverse("members:detail", args=[member.pk])
    return form_page.respond(
        request,
        form,
        save=lambda data: services.place_redemption(
            RedemptionInput(
                key=data["key"],
                member_id=member.pk,
                reward_id=data["reward"].pk,
                desk_id=data["desk"].pk,
                quantity=data["quantity"],
                payers=tuple(UUID(payer) for payer in data.get("payers", ())),
                card_code=data.get("card_code", ""),
            ),
            actor=actor,
        ),
        title=_("Redeem a reward"),
        done=_("Points and goods are held. Confirm to spend them."),
        next_url=lambda row: reverse("rewards:redemption", args=[row.pk]),
        back_url=back,
        back_label=member.number,
        template="rewards/redeem.html",
        context={"wallet": wallet_of([member.pk])[member.pk]},
    )


def _family(actor: Actor, member_id: UUID) -> list[tuple[str, str]]:
    """Whose points the member may spend: ids and numbers of those that the reader sees."""
    records = records_of([member_id])[member_id]
    owners = family_rights(records).filter(spender_id__in=records).values("owner_id")
    seen = visible_members(actor).filter(pk__in=owners).values_list("pk", "number")
    return [(str(pk), number) for pk, number in seen]


@requires(REDEEM_REWARD)
def find(request: HttpRequest) -> HttpResponse:
    """From the code on a member's screen or slip to its redemption."""
    form = CodeForm(request.POST or None)
    return form_page.respond(
        request,
        form,
        save=lambda data: _by_code(request, data["code"]),
        title=_("Hand over by code"),
        done=_("Here it is."),
        next_url=lambda row: reverse("rewards:redemption", args=[row.pk]),
        back_url=reverse("rewards:redemptions"),
        back_label=_("Redemptions"),
        template="rewards/find.html",
    )


def _by_code(request: HttpRequest, text: str) -> Redemption:
    try:
        return queries.redemption_by_code(actor_of(request), text)
    except RedemptionUnknown as unknown:
        raise CodeUnknown(fields={"code": CodeUnknown.message}) from unknown


@requires(VIEW_REWARD)
@require_GET
def slip(request: HttpRequest, redemption_id: UUID) -> HttpResponse:
    """What a member takes along on paper."""
    row = queries.visible_redemption(actor_of(request), redemption_id)
    context = {
        "row": row,
        "shown_code": shown_code(row.code),
        "price": showing.price(row.points, row.price_minor, row.currency),
        "state": showing.status_badge(row),
    }
    return render(request, "rewards/slip.html", context)


@requires(VIEW_REWARD)
@require_GET
def qr(request: HttpRequest, redemption_id: UUID) -> HttpResponse:
    """The code as a QR picture, dark on white in any theme."""
    row = queries.visible_redemption(actor_of(request), redemption_id)
    picture = io.BytesIO()
    segno.make_qr(row.code, error="m").save(
        picture, kind="svg", scale=6, border=4, dark="#000", light="#fff"
    )
    return HttpResponse(picture.getvalue(), content_type="image/svg+xml")
