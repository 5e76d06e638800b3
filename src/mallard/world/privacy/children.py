"""Members who are too young, and what their guardians allowed: a list, a panel, a form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mallard.kernel.access.actor import Actor
from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.ui import form_page
from mallard.kernel.ui.filters import BooleanFilter
from mallard.kernel.ui.lists import Column, Empty, ListPage
from mallard.kernel.ui.parts import Badge
from mallard.kernel.ui.templatetags.ui import day
from mallard.world.members import panels
from mallard.world.members.guarding import NOTHING, told_of
from mallard.world.members.models import Child, GuardianConsent, MemberStatus
from mallard.world.members.permissions import VIEW_NAME
from mallard.world.members.queries import (
    children_without_guardian,
    visible_member,
    visible_members,
)
from mallard.world.members.services import record_guardian_consent, withdraw_guardian_consent
from mallard.world.privacy.forms import GuardianForm
from mallard.world.privacy.permissions import HANDLE_REQUEST, VIEW_REQUEST

_MAX_SHOWN = 20


def visible_children(actor: Actor) -> QuerySet[Child]:
    """Open members who are too young and whom ``actor`` may know of."""
    standing = GuardianConsent.objects.filter(member=OuterRef("member"), ended_at=None)
    rows = Child.objects.select_related("member").annotate(has_guardian=Exists(standing))
    rows = rows.filter(member__status=MemberStatus.OPEN)
    if actor.scope.is_group:
        return rows
    return rows.filter(member__in=visible_members(actor).values("pk"))


def _state(is_given: bool) -> Badge:
    if is_given:
        return Badge(pgettext_lazy("guardian", "Given"), "success")
    return Badge(pgettext_lazy("guardian", "Missing"), "warning")


CHILDREN = ListPage(
    key="privacy_children",
    title=_("Members who are too young"),
    columns=(
        Column("member", _("Member"), "member.number", sort="member__number"),
        Column(
            "guardian", _("Guardian’s consent"), lambda r: _state(r.has_guardian),
            sort="has_guardian",
        ),
        Column("joined", _("Joined"), lambda r: day(r.member.joined_at), sort="member__joined_at"),
        Column(
            "found", pgettext_lazy("guardian", "Found"), lambda r: day(r.found_at),
            sort="found_at", from_width="sm",
        ),
    ),
    default_sort="-found",
    filters=(
        BooleanFilter(
            "unguarded", _("Without a guardian’s consent"),
            apply=lambda rows: rows.filter(has_guardian=False),
        ),
    ),
    row_url=lambda row: reverse("members:detail", args=[row.pk]),
    empty=Empty(
        _("No member is too young"),
        _("Dates of birth are looked at every night, with the quality of members’ data."),
        icon="shield-lock",
    ),
)  # fmt: skip


@requires(VIEW_REQUEST)
@require_safe
def child_list(request: HttpRequest) -> HttpResponse:
    """Who is too young by their date of birth, and for whom a guardian spoke."""
    return CHILDREN.respond(request, visible_children(actor_of(request)))


@requires(HANDLE_REQUEST)
@require_http_methods(["GET", "POST"])
def record_consent(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """Record what a parent or guardian allows."""
    actor = actor_of(request)
    member = visible_member(actor, member_id)
    back = reverse("members:detail", args=[member.pk])
    return form_page.respond(
        request,
        GuardianForm(request.POST or None),
        save=lambda data: record_guardian_consent(member.pk, actor=actor, **data),
        title=_("Record a guardian’s consent"),
        submit=_("Record"),
        done=_("It is recorded. What the member allowed counts until they are old enough."),
        next_url=lambda _saved: back,
        back_url=back,
        back_label=member.number,
    )


@requires(HANDLE_REQUEST)
@require_POST
def withdraw_consent(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """Stop what a guardian allowed: one press, as the law asks."""
    actor = actor_of(request)
    member = visible_member(actor, member_id)
    withdraw_guardian_consent(member.pk, actor=actor)
    messages.success(request, gettext("It is withdrawn: offers and profiling stop now."))
    return redirect("members:detail", member.pk)


def _panel(view: panels.MemberInView) -> Mapping[str, Any] | None:
    """Who gave what until when, for the records of one person; away when there is nothing."""
    rows = list(
        GuardianConsent.objects.filter(member__in=view.record_ids).select_related("recorded_by")[
            :_MAX_SHOWN
        ]
    )
    is_young = Child.objects.filter(member__in=view.record_ids).exists()
    if not rows and not is_young:
        return None
    may_handle = view.actor.may(HANDLE_REQUEST)
    # Who gave it names somebody, and until when is a birthday.
    told = told_of(rows) if may_handle or view.actor.may(VIEW_NAME) else {}
    standing = any(row.stands for row in rows)
    return {
        "member": view.member,
        "is_young": is_young,
        "is_stopped": bool(children_without_guardian([view.member.pk])),
        "lines": [(row, told.get(row.pk, NOTHING)) for row in rows],
        "may_record": may_handle and view.member.is_open and is_young and not standing,
        "may_withdraw": may_handle and standing,
    }


def register() -> None:
    panels.register_panel(
        panels.MemberPanel(
            "guardian", _("Guardian’s consent"), "privacy/guardian.html", VIEW_REQUEST,
            load=_panel, order=15, place="side",
        )
    )  # fmt: skip
