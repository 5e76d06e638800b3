"""The service desk lets a member in: a link, shown as a QR that the member scans."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from mallard.kernel.access.guards import actor_of, requires
from mallard.world.members.queries import visible_member
from mallard.world.memberweb import services
from mallard.world.memberweb.barcodes import qr
from mallard.world.memberweb.permissions import MAKE_LINK
from mallard.world.memberweb.settings import LINK_MINUTES


@requires(MAKE_LINK)
@never_cache
@require_http_methods(["GET", "POST"])
def link(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """Ask first; then show the link once. It cannot be shown again: only its hash is kept."""
    actor = actor_of(request)
    member = visible_member(actor, member_id)
    context = {"member": member, "minutes": LINK_MINUTES.value}
    if request.method == "POST":
        made = services.make_link(member.id, actor=actor)
        context |= {"made": made, "picture": qr(made.url)}
    return render(request, "memberweb/desk_link.html", context)
