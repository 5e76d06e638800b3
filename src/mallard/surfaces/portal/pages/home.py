"""The start page: card, points, tier, what was bought last, and what other apps bring."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from mallard.kernel.ui import formats
from mallard.surfaces.portal import standing
from mallard.surfaces.portal.own import own_page
from mallard.surfaces.portal.pages.receipts import rows_of
from mallard.value.ledger.queries import wallet_of
from mallard.value.loyalty import services as loyalty
from mallard.world.members.portraits import portrait
from mallard.world.memberweb.barcodes import qr
from mallard.world.memberweb.lane import actor_here, member_page
from mallard.world.memberweb.panels import drawn

RECEIPTS_SHOWN = 3


@member_page
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What a member opens the page for, on one screen."""
    own = own_page(request)
    number = standing.card_number(own.member)
    shown = portrait(own.member, own.actor)
    context = {
        "name": shown.name,
        "is_name_generated": shown.is_name_generated,
        "number": number,
        "picture": qr(number),
        "wallet": wallet_of([own.member.pk])[own.member.pk],
        "tier": standing.tier_of(own.member),
        "panels": drawn(own, "home"),
        "receipts": rows_of(own.actor, limit=RECEIPTS_SHOWN),
    }
    return render(request, "portal/home.html", context)


@member_page
@require_POST
def check_in(request: HttpRequest) -> HttpResponse:
    """Today's check-in; pressing twice gives once."""
    done = loyalty.check_in(actor=actor_here(request))
    if done is not None:
        said = gettext("Checked in: %(points)s.")
        messages.success(request, said % {"points": formats.points(done.points)})
    return redirect("portal:home")
