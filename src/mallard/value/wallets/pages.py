"""A member's points in staff's hands: what there is, what can be done, and who agreed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.access.step_up import step_up
from mallard.kernel.clock import now
from mallard.kernel.errors import DomainError, Invalid
from mallard.kernel.ui import form_page, formats
from mallard.kernel.ui.filters import ChoiceFilter
from mallard.kernel.ui.lists import Column, Empty, ListPage
from mallard.kernel.ui.parts import Badge, Fact, Tone
from mallard.value.ledger.models import Lot
from mallard.value.ledger.panels import lot_state
from mallard.value.ledger.permissions import VIEW_WALLET
from mallard.value.ledger.queries import lots_of, wallet_of
from mallard.value.ledger.showing import owner_names, reason_text
from mallard.value.wallets import family, queries, services
from mallard.value.wallets.forms import (
    AdjustForm,
    FamilyForm,
    GiveForm,
    LotForm,
    ReasonForm,
    end_of,
)
from mallard.value.wallets.models import PointsRequest, RequestKind, RequestStatus
from mallard.value.wallets.permissions import (
    APPROVE_REQUEST,
    CHANGE_POINTS,
    FREEZE_WALLET,
    GIVE_POINTS,
    LIFT_COOL_DOWN,
)
from mallard.value.wallets.services import ChangeInput
from mallard.value.wallets.settings import ALONE_UP_TO
from mallard.world.members.errors import MemberNotFound
from mallard.world.members.queries import records_of, visible_member, visible_members

LOTS_SHOWN = 12
_TONES: dict[str, Tone] = {
    RequestStatus.WAITING: "warning",
    RequestStatus.DONE: "success",
    RequestStatus.REFUSED: "neutral",
}


def _state(row: PointsRequest) -> Badge:
    return Badge(row.get_status_display(), _TONES[row.status])


REQUESTS = ListPage(
    key="points-requests",
    title=_("Changes of points"),
    columns=(
        Column("asked", _("When"), lambda row: formats.moment(row.asked_at), sort="asked_at"),
        Column("kind", _("What"), lambda row: row.get_kind_display(), plain="kind"),
        Column(
            "points",
            _("Points"),
            lambda row: formats.number(row.points),
            sort="points",
            plain="points",
            align="end",
        ),
        Column("member", _("Member"), "member.number"),
        Column("by", _("Asked by"), "asked_by_label", from_width="md"),
        Column("decided", _("Decided by"), "decided_by_label", from_width="lg"),
        Column("state", _("State"), _state),
    ),
    default_sort="-asked",
    filters=(
        ChoiceFilter("status", _("State"), choices=RequestStatus.choices, column="status"),
        ChoiceFilter("kind", _("What"), choices=RequestKind.choices, column="kind"),
    ),
    row_url=lambda row: reverse("wallets:request", args=[row.pk]),
    empty=Empty(
        _("No changes yet"), _("Adjustments, extensions and reinstatements."), icon="coins"
    ),
)


@requires(VIEW_WALLET)
def wallet(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """What the member has, whether it is frozen, and what can be done about each lot."""
    actor = actor_of(request)
    member = visible_member(actor, member_id)
    records = records_of([member.pk])[member.pk]
    frozen = queries.freeze_of(records)
    living = list(lots_of(member.pk, actor=actor)[:LOTS_SHOWN])
    over = lots_of(member.pk, actor=actor, with_spent=True).filter(expires_at__lte=now())
    expired = list(over.order_by("-expires_at")[:LOTS_SHOWN])
    may_change = actor.may(CHANGE_POINTS)
    context = {
        "member": member,
        "wallet": wallet_of([member.pk])[member.pk],
        "frozen": frozen,
        "cooling": queries.cooling_until(records),
        "may_lift": actor.may(LIFT_COOL_DOWN),
        "frozen_reason": queries.reason_of_freeze(frozen) if frozen else "",
        "lots": _lot_rows(living, "wallets:extend" if may_change else ""),
        "expired": _lot_rows(expired, "wallets:revive" if may_change else ""),
        "requests": [
            {"row": row, "state": _state(row)}
            for row in queries.visible_requests(actor)
            .filter(member=member)
            .order_by("-asked_at")[:LOTS_SHOWN]
        ],
        "family": _family(actor, records),
        "may_change": may_change,
        "may_freeze": actor.may(FREEZE_WALLET),
        "may_give": actor.may(GIVE_POINTS),
    }
    return render(request, "wallets/wallet.html", context)


def _family(actor: Any, records: Any) -> list[dict[str, Any]]:
    """Who may spend of whom; a member whom the reader may not see keeps their number."""
    rights = list(queries.family_rights(records))
    ids = {one for right in rights for one in (right.owner_id, right.spender_id)}
    seen = set(visible_members(actor).filter(pk__in=ids).values_list("pk", flat=True))
    return [
        {
            "right": right,
            "is_given": right.owner_id in records,
            "number": other.number if other.pk in seen else None,
        }
        for right in rights
        for other in [right.spender if right.owner_id in records else right.owner]
    ]


def _lot_rows(lots: list[Lot], url_name: str) -> list[dict[str, Any]]:
    owners = owner_names([lot.funder for lot in lots])
    return [
        {
            "lot": lot,
            "state": lot_state(lot),
            "reason": reason_text(lot.transfer.reason),
            "funder": owners.get(lot.funder_id, ""),
            "url": reverse(url_name, args=[lot.member_id, lot.pk]) if url_name else "",
        }
        for lot in lots
    ]


@requires(GIVE_POINTS)
def grant(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """Let another member spend this one's points."""
    actor = actor_of(request)

    def save(data: dict[str, Any]) -> Any:
        spender = _by_number(actor, data["number"])
        return family.grant_family(member_id, spender, actor=actor)

    title = _("Let somebody spend these points")
    return _form(request, member_id, FamilyForm(request.POST or None), save, title)


@requires(GIVE_POINTS)
@require_POST
def end_family(request: HttpRequest, member_id: UUID, right_id: UUID) -> HttpResponse:
    """Take a right to spend back."""
    family.end_family(right_id, owner_id=member_id, actor=actor_of(request))
    messages.success(request, gettext("It is noted."))
    return redirect("wallets:wallet", member_id)


def _by_number(actor: Any, number: str) -> UUID:
    """Whom a member number names, if the actor may see them."""
    found = visible_members(actor).filter(number=number.strip()).first()
    if found is None:
        raise Invalid(fields={"number": MemberNotFound.message})
    return found.pk


@requires(CHANGE_POINTS)
def requests(request: HttpRequest) -> HttpResponse:
    """Every change that staff asked for, newest first."""
    return REQUESTS.respond(request, queries.visible_requests(actor_of(request)))


@requires(CHANGE_POINTS)
def request_page(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """One change: what, why, who asked, who decided; and the decision, for a second person."""
    actor = actor_of(request)
    row = queries.visible_request(actor, request_id)
    is_waiting = row.status == RequestStatus.WAITING
    context = {
        "row": row,
        "state": _state(row),
        "facts": _facts(row),
        "may_decide": is_waiting and actor.may(APPROVE_REQUEST) and actor.id != row.asked_by_id,
        "is_own": is_waiting and actor.id == row.asked_by_id,
    }
    return render(request, "wallets/request.html", context)


def _facts(row: PointsRequest) -> list[Fact]:
    facts = [
        Fact(_("What"), row.get_kind_display()),
        Fact(_("Points"), formats.number(row.points)),
        Fact(_("Member"), row.member.number, url=reverse("wallets:wallet", args=[row.member_id])),
        Fact(_("Reason"), queries.reason_of(row)),
        Fact(_("Live until"), formats.moment(row.expires_at) if row.expires_at else None),
        Fact(_("Asked by"), f"{row.asked_by_label} · {formats.moment(row.asked_at)}"),
    ]
    if row.decided_at is not None:
        decided = f"{row.decided_by_label} · {formats.moment(row.decided_at)}"
        facts.append(Fact(_("Decided by"), decided))
    if row.is_second_needed:
        hint = gettext("Above %(limit)s points a second person decides.")
        facts.append(Fact(_("Four eyes"), hint % {"limit": formats.number(ALONE_UP_TO.value)}))
    return facts


@requires(APPROVE_REQUEST)
@require_POST
@step_up
def decide(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Approve or refuse what somebody else asked for."""
    is_approved = request.POST.get("decision") == "approve"
    try:
        services.decide_request(request_id, is_approved=is_approved, actor=actor_of(request))
    except DomainError as error:
        if error.status in (403, 404):
            raise
        messages.error(request, error.sentence)
    else:
        done = gettext("Approved.") if is_approved else gettext("Refused: nothing has changed.")
        messages.success(request, done)
    return redirect("wallets:request", request_id)


def _form(request: HttpRequest, member_id: UUID, form: Any, save: Any, title: Any) -> HttpResponse:
    """A form about a member's points, and back to them."""
    member = visible_member(actor_of(request), member_id)
    here = reverse("wallets:wallet", args=[member.pk])
    return form_page.respond(
        request,
        form,
        save=save,
        title=title,
        done=_("It is noted."),
        next_url=lambda row: (
            reverse("wallets:request", args=[row.pk]) if isinstance(row, PointsRequest) else here
        ),
        back_url=here,
        back_label=member.number,
    )


@requires(CHANGE_POINTS)
@step_up
def adjust(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """Add or take points, alone or with four eyes."""
    actor = actor_of(request)
    form = AdjustForm(request.POST or None, actor=actor)

    def save(_data: dict[str, Any]) -> PointsRequest:
        change = ChangeInput(kind=RequestKind.ADJUST, member_id=member_id, **form.change())
        return services.request_change(change, actor=actor)

    return _form(request, member_id, form, save, _("Adjust points"))


@requires(CHANGE_POINTS)
@step_up
def extend(request: HttpRequest, member_id: UUID, lot_id: UUID) -> HttpResponse:
    """Let a lot live longer."""
    return _change_lot(request, member_id, lot_id, RequestKind.EXTEND, _("Extend points"))


@requires(CHANGE_POINTS)
@step_up
def revive(request: HttpRequest, member_id: UUID, lot_id: UUID) -> HttpResponse:
    """Bring back what expired of a lot."""
    return _change_lot(request, member_id, lot_id, RequestKind.REVIVE, _("Reinstate points"))


def _change_lot(
    request: HttpRequest, member_id: UUID, lot_id: UUID, kind: RequestKind, title: Any
) -> HttpResponse:
    form = LotForm(request.POST or None)

    def save(data: dict[str, Any]) -> PointsRequest:
        change = ChangeInput(
            key=data["key"],
            kind=kind,
            member_id=member_id,
            lot_id=lot_id,
            expires_at=end_of(data["expires_on"]),
            reason=data["reason"],
        )
        return services.request_change(change, actor=actor_of(request))

    return _form(request, member_id, form, save, title)


@requires(FREEZE_WALLET)
@step_up
def freeze(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """Let nothing be spent until somebody releases it."""
    return _form(
        request,
        member_id,
        ReasonForm(request.POST or None),
        lambda data: services.freeze_wallet(
            member_id, reason=data["reason"], actor=actor_of(request)
        ),
        _("Freeze points"),
    )


@requires(FREEZE_WALLET)
@step_up
def release(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """Let the points be spent again."""
    return _form(
        request,
        member_id,
        ReasonForm(request.POST or None),
        lambda data: services.release_wallet(
            member_id, reason=data["reason"], actor=actor_of(request)
        ),
        _("Release points"),
    )


@requires(LIFT_COOL_DOWN)
@step_up
def lift(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """Let the points be spent before the time after a change of phone is over."""
    return _form(
        request,
        member_id,
        ReasonForm(request.POST or None),
        lambda data: services.lift_cool_down(
            member_id, reason=data["reason"], actor=actor_of(request)
        ),
        _("Let points be spent again"),
    )


@requires(GIVE_POINTS)
def give(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """Move points to another member."""
    actor = actor_of(request)

    def save(data: dict[str, Any]) -> Any:
        return services.give_points(
            giver_id=member_id,
            receiver_id=_by_number(actor, data["number"]),
            points=data["points"],
            key=data["key"],
            actor=actor,
        )

    return _form(request, member_id, GiveForm(request.POST or None), save, _("Give points away"))
