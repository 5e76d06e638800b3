"""Points: how many, what becomes of them, and everything that moved them."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from mallard.surfaces.portal.own import own_page
from mallard.surfaces.portal.statement import expiries_of, statement_of
from mallard.value.ledger.queries import EXPIRING_SOON_DAYS, wallet_of
from mallard.value.loyalty.expiry import ExpiryMode
from mallard.value.loyalty.settings import EXPIRY_MODE
from mallard.world.memberweb.lane import member_page
from mallard.world.memberweb.panels import drawn


@member_page
@require_GET
def points(request: HttpRequest) -> HttpResponse:
    """The balance in its parts and the movements, newest first; ``?before=`` goes on."""
    own = own_page(request)
    before = _uuid(request.GET.get("before", ""))
    context = {
        "wallet": wallet_of([own.member.pk])[own.member.pk],
        "soon_days": EXPIRING_SOON_DAYS,
        "statement": statement_of(own.member.pk, actor=own.actor, before=before),
        "is_first": before is None,
        "panels": drawn(own, "points") if before is None else [],
    }
    return render(request, "portal/points.html", context)


@member_page
@require_GET
def expiring(request: HttpRequest) -> HttpResponse:
    """Which points end when."""
    own = own_page(request)
    return render(
        request,
        "portal/expiring.html",
        {
            "days": expiries_of(own.member.pk, actor=own.actor),
            "is_renewed": EXPIRY_MODE.value == ExpiryMode.INACTIVITY,
        },
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
