"""The errors page of operators."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.errors import NotFound
from mallard.kernel.faults.models import Fault, FaultKind
from mallard.kernel.faults.permissions import RESOLVE_FAULT
from mallard.kernel.faults.services import resolve_fault
from mallard.kernel.health.permissions import VIEW_HEALTH
from mallard.kernel.ui.filters import BooleanFilter, ChoiceFilter
from mallard.kernel.ui.lists import Column, Empty, ListPage
from mallard.kernel.ui.parts import Badge, Fact
from mallard.kernel.ui.templatetags.ui import at, number


def _state(fault: Fault) -> Badge:
    return (
        Badge(_("Resolved"), "neutral")
        if fault.resolved_at
        else Badge(pgettext_lazy("error", "Open"), "danger")
    )


FAULTS = ListPage(
    key="faults",
    title=_("Errors"),
    columns=(
        Column("error", _("Error"), "error", sort="error"),
        Column("route", _("Where"), "route", from_width="md"),
        Column("place", _("In the code"), "place", from_width="lg"),
        Column("count", _("Times seen"), lambda row: number(row.count), sort="count", align="end"),
        Column("last", _("Last"), lambda row: at(row.last_at), sort="last_at"),
        Column("state", _("State"), _state),
    ),
    default_sort="-last",
    filters=(
        ChoiceFilter("kind", _("Kind"), choices=FaultKind.choices, column="kind"),
        BooleanFilter(
            "open", pgettext_lazy("error", "Open"), apply=lambda rows: rows.filter(resolved_at=None)
        ),
    ),
    row_url=lambda row: reverse("faults:fault", args=[row.pk]),
    empty=Empty(
        _("No errors"),
        _("What goes wrong unexpectedly appears here, without anything personal."),
        icon="circle-check",
    ),
)


@requires(VIEW_HEALTH)
@require_safe
def fault_list(request: HttpRequest) -> HttpResponse:
    """Every kind of error, the latest first."""
    return FAULTS.respond(request, Fault.objects.all())


@requires(VIEW_HEALTH)
@require_GET
def fault(request: HttpRequest, fault_id: UUID) -> HttpResponse:
    """One kind of error: where, how often, and how it came there."""
    row = Fault.objects.filter(pk=fault_id).first()
    if row is None:
        raise NotFound()
    context = {
        "fault": row,
        "state": _state(row),
        "facts": [
            Fact(_("Where"), row.route),
            Fact(_("Kind"), FaultKind(row.kind).label),
            Fact(_("Times seen"), number(row.count)),
            Fact(_("First"), at(row.first_at)),
            Fact(_("Last"), at(row.last_at)),
            Fact(_("Request"), row.request_id or "–", hint=gettext("find its lines in the log")),
            Fact(_("Version"), row.version or "–"),
        ],
        "frames": list(reversed(row.frames)),
        "can_resolve": row.resolved_at is None and actor_of(request).may(RESOLVE_FAULT),
    }
    return render(request, "faults/fault.html", context)


@requires(RESOLVE_FAULT)
@require_POST
def resolve(request: HttpRequest, fault_id: UUID) -> HttpResponse:
    """It is mended."""
    resolve_fault(fault_id, actor=actor_of(request))
    messages.success(request, gettext("Marked as resolved. If it comes again, it is open again."))
    return redirect("faults:list")
