"""Rewards on the member's page: what points buy, taking one, and the code to show at the desk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mallard.kernel.errors import DomainError, NotFound
from mallard.kernel.money import Money
from mallard.kernel.ui.forms import add_refusal
from mallard.surfaces.portal.own import OwnPage, own_page
from mallard.surfaces.portal.rewards import (
    icon_of,
    limit_words,
    redemption_row,
    reward_row,
    told_of,
)
from mallard.value.ledger.queries import wallet_of
from mallard.value.rewards import services
from mallard.value.rewards.errors import RewardUnknown
from mallard.value.rewards.inputs import RedemptionInput
from mallard.value.rewards.models import Desk, Status
from mallard.value.rewards.offering import Offered, offered_to
from mallard.value.rewards.queries import own_redemption, own_redemptions
from mallard.value.rewards.rules import shown_code
from mallard.value.rewards.showing import price_of
from mallard.world.memberweb.barcodes import qr
from mallard.world.memberweb.lane import actor_here, member_page

MOST_SHOWN = 30
MOST_AT_ONCE = 5


class _DeskField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.full_name)


class TakeForm(forms.Form):
    """Where, and how many. ``key`` names the act, so that pressing twice takes one."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    desk = _DeskField(Desk.objects.none(), label=_("Collect it at"), empty_label=None)
    quantity = forms.IntegerField(
        label=_("How many"), min_value=1, max_value=MOST_AT_ONCE, initial=1
    )

    def __init__(self, data: Any = None, *, one: Offered, own: OwnPage) -> None:
        super().__init__(data, initial={"key": uuid4(), "desk": _nearest(one.desks, own)})
        here = [desk.pk for desk in one.desks]
        desks = Desk.objects.filter(pk__in=here).select_related("mall").order_by("mall__code")
        cast(_DeskField, self.fields["desk"]).queryset = desks


@member_page
@require_GET
def rewards(request: HttpRequest) -> HttpResponse:
    """What points buy now, and what the member has taken, newest first."""
    own = own_page(request)
    taken = own_redemptions(own.actor).order_by("-placed_at", "-pk")[:MOST_SHOWN]
    context = {
        "wallet": wallet_of([own.member.pk])[own.member.pk],
        "offered": [reward_row(one) for one in _offered_to(own)],
        "taken": [redemption_row(row) for row in taken],
    }
    return render(request, "portal/rewards.html", context)


@member_page
@require_http_methods(["GET", "POST"])
def reward(request: HttpRequest, reward_id: UUID) -> HttpResponse:
    """One reward; taking it holds points and goods, so that nothing is spent by mistake."""
    own = own_page(request)
    one = next((each for each in _offered_to(own) if each.reward.pk == reward_id), None)
    if one is None:
        raise RewardUnknown()
    form = TakeForm(request.POST or None, one=one, own=own)
    if request.method == "POST" and form.is_valid():
        wanted = RedemptionInput(
            key=f"member:{own.member.pk}:{form.cleaned_data['key']}",
            member_id=own.member.pk,
            reward_id=one.reward.pk,
            desk_id=form.cleaned_data["desk"].pk,
            quantity=form.cleaned_data["quantity"],
        )
        try:
            row = services.hold_own(wanted, actor=own.actor)
        except DomainError as error:
            add_refusal(form, error)
        else:
            return redirect("portal:redemption", row.pk)
    context = {
        "one": one,
        "icon": icon_of(one.reward),
        "price": price_of(one.reward),
        "told": told_of(one),
        "limit": limit_words(one.reward),
        "available": wallet_of([own.member.pk])[own.member.pk].available,
        "form": form if one.obstacle is None or form.is_bound else None,
    }
    status = 422 if form.is_bound else 200
    return render(request, "portal/reward.html", context, status=status)


@member_page
@require_GET
def redemption(request: HttpRequest, redemption_id: UUID) -> HttpResponse:
    """Confirm what is held, or show the code of what is taken."""
    row = own_redemption(actor_here(request), redemption_id)
    context = {
        "shown": redemption_row(row),
        "row": row,
        "is_held": row.status == Status.HELD,
        "is_waiting": row.status == Status.CONFIRMED,
        "code": shown_code(row.code),
        "qr": qr(row.code),
        "to_pay": Money(row.price_minor, row.currency) if row.price_minor else None,
    }
    return render(request, "portal/redemption.html", context)


@member_page
@require_POST
def confirm(request: HttpRequest, redemption_id: UUID) -> HttpResponse:
    """The points are spent."""
    return _act(request, redemption_id, services.confirm_own, gettext("It is yours."))


@member_page
@require_POST
def let_go(request: HttpRequest, redemption_id: UUID) -> HttpResponse:
    """Points and goods are free again."""
    said = gettext("Nothing was spent.")
    return _act(request, redemption_id, services.let_go_own, said)


def _act(request: HttpRequest, redemption_id: UUID, act: Any, said: str) -> HttpResponse:
    try:
        act(redemption_id, actor=actor_here(request))
    except NotFound:
        raise
    except DomainError as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, said)
    return redirect("portal:redemption", redemption_id)


def _nearest(desks: Sequence[Desk], own: OwnPage) -> UUID | None:
    """A desk of the mall where the member enrolled, else the first."""
    at_home = (desk.pk for desk in desks if desk.mall_id == own.member.enrolled_mall_id)
    return next(at_home, desks[0].pk if desks else None)


def _offered_to(own: OwnPage) -> list[Offered]:
    return offered_to(own.member.pk, own.record_ids)
