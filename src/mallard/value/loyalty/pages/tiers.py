"""Tiers on screen: what they take from a day on, benefits, and a member's tier with its history."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from mallard.kernel import clock
from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.errors import DomainError, NotFound
from mallard.kernel.ui import form_page, formats
from mallard.value.loyalty.foretelling import fall_told
from mallard.value.loyalty.models import Programme, Tier, TierOverride
from mallard.value.loyalty.permissions import EDIT_PROGRAMME, GIVE_TIER, VIEW_PROGRAMME
from mallard.value.loyalty.queries import programme, tier_names
from mallard.value.loyalty.rules.schemes import Cause, Change
from mallard.value.loyalty.services import (
    add_benefit,
    end_benefit,
    end_given_tier,
    give_tier,
    require_whole_group,
    set_tier_scheme,
)
from mallard.value.loyalty.standing import benefits_of, standings, tier_history
from mallard.value.loyalty.tier_forms import BenefitForm, GiveTierForm, TierSchemeForm
from mallard.world.members.queries import visible_member

CAUSES = {
    Cause.REACHED: _("Reached by what was bought"),
    Cause.LAPSED: _("No longer reached"),
    Cause.THRESHOLDS: _("Tiers take something else since that day"),
    Cause.GIVEN: _("Given by staff: %(reason)s"),
    Cause.GIFT_ENDED: _("The given tier ended: %(reason)s"),
}


@dataclass(frozen=True, slots=True)
class HistoryRow:
    day: str
    was: str
    now: str
    why: str


def told(changes: list[Change]) -> list[HistoryRow]:
    """Changes of tier with their reasons, in the reader's language."""
    names = tier_names()
    none = gettext("No tier")
    first = _everybodys()
    return [
        HistoryRow(
            formats.day(one.day),
            names.get(one.was, one.was) if one.was else none,
            names.get(one.now, one.now) if one.now else none,
            gettext("Everybody begins here")
            if one.cause == Cause.REACHED and not one.was and one.now == first
            else str(CAUSES[one.cause]) % {"reason": one.detail},
        )
        for one in changes
    ]


def _everybodys() -> str:
    """The lowest tier where it takes nothing, so that everybody has it from the start."""
    lowest = Tier.objects.order_by("rank").first()
    schemes = programme().schemes
    level = schemes[-1].level(lowest.code) if lowest and schemes else None
    if lowest is None or level is None or level.by_invitation:
        return ""
    return "" if level.spend_minor or level.visits or level.value else lowest.code


@requires(EDIT_PROGRAMME)
def change_tiers(request: HttpRequest) -> HttpResponse:
    """What tiers take from a day on."""
    actor = actor_of(request)
    require_whole_group(actor)
    data = request.POST if request.method == "POST" else None
    form = TierSchemeForm(data, facts=programme(), tiers=_tiers())
    back = reverse("loyalty:programme")
    return form_page.respond(
        request,
        form,
        save=lambda _data: set_tier_scheme(form.to_scheme(), actor=actor),
        title=gettext("Change what tiers take"),
        done=_("The tiers are set. Earlier days keep what they had."),
        next_url=lambda _row: back,
        back_url=back,
        back_label=_("Programme"),
        template="loyalty/tiers_form.html",
    )


@requires(EDIT_PROGRAMME)
def new_benefit(request: HttpRequest) -> HttpResponse:
    """Something that members of a tier are entitled to."""
    actor = actor_of(request)
    require_whole_group(actor)
    form = BenefitForm(request.POST if request.method == "POST" else None, tiers=_tiers())
    back = reverse("loyalty:programme")
    return form_page.respond(
        request,
        form,
        save=lambda _data: add_benefit(form.to_input(), actor=actor),
        title=gettext("New benefit"),
        done=_("The benefit is set."),
        next_url=lambda _row: back,
        back_url=back,
        back_label=_("Programme"),
    )


@requires(EDIT_PROGRAMME)
@require_POST
def remove_benefit(request: HttpRequest, benefit_id: UUID) -> HttpResponse:
    """Entitle nobody to it any more."""
    end_benefit(benefit_id, actor=actor_of(request))
    messages.success(request, gettext("The benefit has ended."))
    return HttpResponseRedirect(reverse("loyalty:programme"))


@requires(VIEW_PROGRAMME)
def member_tier(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """A member's tier, what they are entitled to, and how it came."""
    actor = actor_of(request)
    member = visible_member(actor, member_id)
    # What the member spends elsewhere is not a tenant's business, nor when: the tier is enough.
    is_whole = bool(actor.scope.is_group or actor.scope.mall_ids)
    today = clock.now().date()
    standing = standings([member.id], day=today)[member.id]
    context: dict[str, Any] = {
        "member": member,
        "tier": tier_names().get(standing.tier_code or ""),
        "standing": standing,
        "falls": fall_told(standing, programme().currency) if is_whole else "",
        "falls_tone": "warning" if standing.falls_soon else "info",
        "is_whole": is_whole,
        "history": told(tier_history(member.id, until=today)) if is_whole else [],
        "benefits": benefits_of(member.id, standing.tier_code),
        "given": _given(member.id, today) if is_whole else [],
        "can_give": actor.may(GIVE_TIER),
    }
    return render(request, "loyalty/member_tier.html", context)


def _given(member_id: UUID, today: dt.date) -> list[TierOverride]:
    """Tiers that hold or will, and those whose value may still count though they are over."""
    rows = TierOverride.objects.filter(member_id=member_id)
    shown = rows.filter(Q(last_day__gte=today) | Q(value__gt=0, value_last_day=None))
    return list(shown.select_related("tier").annotate(is_running=Q(last_day__gte=today)))


@requires(GIVE_TIER)
def give(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """A tier for a member, with a reason and an end."""
    actor = actor_of(request)
    member = visible_member(actor, member_id)
    tomorrow = clock.now().date() + dt.timedelta(days=1)
    begun = [tier for tier in _tiers() if tier.has_begun(tomorrow)]
    form = GiveTierForm(request.POST if request.method == "POST" else None, tiers=begun)
    back = reverse("loyalty:member_tier", args=[member.id])
    return form_page.respond(
        request,
        form,
        save=lambda data: give_tier(
            member.id,
            tier_code=data["tier"],
            last_day=data["last_day"],
            reason=data["reason"],
            actor=actor,
        ),
        title=gettext("Give a tier"),
        done=_("The tier counts from the next business day on."),
        next_url=lambda _row: back,
        back_url=back,
        back_label=member.number,
    )


@requires(GIVE_TIER)
@require_POST
def end_given(request: HttpRequest, override_id: UUID) -> HttpResponse:
    """End a given tier sooner."""
    try:
        row = end_given_tier(override_id, actor=actor_of(request))
    except DomainError as error:
        found = TierOverride.objects.filter(pk=override_id).first()
        if found is None:
            raise NotFound() from None
        visible_member(actor_of(request), found.member_id)
        messages.error(request, error.sentence)
        return HttpResponseRedirect(reverse("loyalty:member_tier", args=[found.member_id]))
    messages.success(request, gettext("The given tier ends after today."))
    return HttpResponseRedirect(reverse("loyalty:member_tier", args=[row.member_id]))


def _tiers() -> list[Tier]:
    row = Programme.objects.order_by("code").first()
    return list(row.tiers.all()) if row else []
