"""The card: what tills scan. The only page that a phone keeps, so nothing else stands on it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from mallard.surfaces.portal import standing
from mallard.surfaces.portal.own import own_page
from mallard.world.memberweb.barcodes import code_128, patterns, qr
from mallard.world.memberweb.lane import member_page
from mallard.world.memberweb.panels import drawn


@member_page
@require_GET
def card(request: HttpRequest) -> HttpResponse:
    """The code that changes, and the number with its QR and bars; no name, no points."""
    own = own_page(request)
    number = standing.card_number(own.member)
    context = {
        "number": number,
        "spoken": " ".join(number[start : start + 4] for start in range(0, len(number), 4)),
        "picture": qr(number),
        "bars": code_128(number),
        "patterns": patterns(),
        "panels": drawn(own, "card"),
    }
    return render(request, "portal/card.html", context)
