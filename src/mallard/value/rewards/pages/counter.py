"""The service counter: who is it, what do they have and why, and what can be handed over."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from mallard.kernel import clock
from mallard.kernel.access.actor import Actor
from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.errors import DomainError
from mallard.kernel.ui.parts import Badge
from mallard.value.ledger.permissions import VIEW_WALLET
from mallard.value.ledger.queries import transfers_of, wallet_of
from mallard.value.ledger.showing import transfer_rows
from mallard.value.loyalty.errors import NoProgramme
from mallard.value.loyalty.foretelling import fall_told
from mallard.value.loyalty.permissions import VIEW_PROGRAMME
from mallard.value.loyalty.queries import programme
from mallard.value.loyalty.standing import standings
from mallard.value.rewards import queries, showing
from mallard.value.rewards.acts import acts_for
from mallard.value.rewards.errors import RedemptionUnknown
from mallard.value.rewards.models import OPEN_STATUSES
from mallard.value.rewards.permissions import REDEEM_REWARD
from mallard.value.rewards.rules import read_code, shown_code
from mallard.value.wallets.queries import cooling_until, freeze_of
from mallard.world.members.errors import MemberNotFound
from mallard.world.members.inputs import MemberRef
from mallard.world.members.models import Member
from mallard.world.members.panels import MemberInView, asked, marks_for
from mallard.world.members.permissions import ENROL_MEMBER
from mallard.world.members.persons import persons
from mallard.world.members.queries import (
    find_by_identities,
    records_of,
    visible_member,
    visible_members,
)
from mallard.world.members.showing import identities_of, shown_identities, shown_name
from mallard.world.memberweb.card_codes import read_code as read_card_code
from mallard.world.memberweb.services import show_code

REASONS_SHOWN = 10
KINDS = ("phone", "card", "number")


class IdentifyForm(forms.Form):
    """One field for whatever somebody says, shows or has scanned."""

    who = forms.CharField(
        label=_("Phone, card, member number or code"),
        max_length=600,
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"}),
        help_text=_("Type it or scan it, then press Enter. A reward's code opens its redemption."),
    )


@requires(REDEEM_REWARD)
@require_http_methods(["GET", "POST"])
def counter(request: HttpRequest) -> HttpResponse:
    """Identify a member. What was typed is never in an address: it goes in the body, and the page
    that follows is named by the member's id."""
    actor = actor_of(request)
    form = IdentifyForm(request.POST or None)
    if form.is_valid():
        said = form.cleaned_data["who"]
        try:
            found = _redemption_url(actor, said) or _member_url(actor, said)
        except DomainError as refusal:
            form.add_error("who", refusal.sentence)
        else:
            if found:
                return redirect(found)
            none = _("Nobody that you may see is known by this. Check it, or enrol.")
            form.add_error("who", none)
    context = {"form": form, "may_enrol": actor.may(ENROL_MEMBER)}
    return render(request, "rewards/counter.html", context, status=422 if form.errors else 200)


def _redemption_url(actor: Actor, said: str) -> str | None:
    if read_code(said) is None:
        return None
    try:
        row = queries.redemption_by_code(actor, said)
    except RedemptionUnknown:
        return None
    return reverse("rewards:redemption", args=[row.pk])


def _member_url(actor: Actor, said: str) -> str | None:
    if read_card_code(said) is not None:
        return _shown_url(actor, said)
    refs = [MemberRef(kind, said) for kind in KINDS]
    found = find_by_identities(refs)
    ids = {one.survivor_id for one in found.values()}
    seen = visible_members(actor).filter(pk__in=ids).values_list("pk", flat=True)
    member_id = next(iter(seen), None)
    return reverse("rewards:at_counter", args=[member_id]) if member_id else None


def _shown_url(actor: Actor, said: str) -> str | None:
    """The member who shows the code that changes; who scanned it may spend with it for minutes."""
    try:
        shown = show_code(said, actor=actor)
    except MemberNotFound:
        return None
    return reverse("rewards:at_counter", args=[shown.member_id])


@requires(REDEEM_REWARD)
def at_counter(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """What a member at the desk has, why, and what waits for them."""
    actor = actor_of(request)
    member = visible_member(actor, member_id)
    people = persons([member])
    person = people[member.pk]
    records = records_of([member.pk])[member.pk]
    is_served = member.is_open and member.merged_into_id is None
    context: dict[str, Any] = {
        "member": member,
        "name": shown_name(person.profile, actor) or member.number,
        "marks": _marks(MemberInView(member, records, actor)),
        "identities": shown_identities(identities_of(people)[member.pk], person),
        "is_served": is_served,
        "form": IdentifyForm(),
        "waiting": _waiting(actor, member),
        "cooling": cooling_until(records),
        "is_frozen": freeze_of(records) is not None,
        "may_enrol": actor.may(ENROL_MEMBER),
        "falls": _falls(member.pk, actor),
        "acts": acts_for(member.pk, actor) if is_served else [],
    }
    if actor.may(VIEW_WALLET):
        context["wallet"] = wallet_of([member.pk])[member.pk]
        latest = transfers_of(member.pk, actor=actor)[:REASONS_SHOWN]
        context["rows"] = transfer_rows(latest, actor)
    return render(request, "rewards/counter.html", context)


def _marks(view: MemberInView) -> list[Badge]:
    """What stands beside the name on the member's page, too: tier, frozen, resting points."""
    found = (asked(mark.load, view) for mark in marks_for(view.actor))
    return [badge for badge in found if badge is not None]


def _falls(member_id: UUID, actor: Actor) -> str:
    """That the member is about to lose their tier: the desk can say so while they are there."""
    if not (actor.may(VIEW_PROGRAMME) and (actor.scope.is_group or actor.scope.mall_ids)):
        return ""
    try:
        currency = programme().currency
    except NoProgramme:
        return ""
    standing = standings([member_id], day=clock.now().date()).get(member_id)
    return fall_told(standing, currency) if standing and standing.falls_soon else ""


def _waiting(actor: Actor, member: Member) -> list[dict[str, Any]]:
    rows = queries.visible_redemptions(actor).filter(
        member_id__in=records_of([member.pk])[member.pk], status__in=OPEN_STATUSES
    )
    return [
        {"row": row, "state": showing.status_badge(row), "code": shown_code(row.code)}
        for row in rows.order_by("placed_at")
    ]
