"""The member themself: what is known, where they are signed in, how the page looks."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_POST

from mallard.kernel.provenance import Origin
from mallard.surfaces.portal.own import own_page
from mallard.world.members.portraits import portrait
from mallard.world.memberweb import services
from mallard.world.memberweb.lane import actor_here, member_page
from mallard.world.memberweb.panels import drawn, entries
from mallard.world.memberweb.queries import live_sessions


@member_page
@require_GET
def me(request: HttpRequest) -> HttpResponse:
    """What the mall knows of the member and where it comes from; the ways on from here."""
    own = own_page(request)
    shown = portrait(own.member, own.actor)
    context = {
        "member": own.member,
        "shown": shown,
        "facts": [(fact, fact.origin == Origin.GENERATED) for fact in shown.facts],
        "panels": drawn(own, "profile"),
        "more": [entry for entry in entries() if not entry.is_in_bar],
    }
    return render(request, "portal/me.html", context)


@member_page
@require_GET
def sessions(request: HttpRequest) -> HttpResponse:
    """The phones and browsers in which the member is signed in."""
    context = {
        "sessions": live_sessions(own_page(request).member.id),
        "current_id": _current(request),
    }
    return render(request, "portal/sessions.html", context)


@member_page
@require_POST
def end_session(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Sign one of them out; not this one, which has a button of its own."""
    if session_id == _current(request):
        return redirect("portal:sessions")
    services.end_session(session_id, actor=actor_here(request))
    messages.success(request, gettext("You are signed out there."))
    return redirect("portal:sessions")


@member_page
@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """Sign the member out everywhere but here."""
    ended = services.end_other_sessions(but=_current(request), actor=actor_here(request))
    messages.success(
        request,
        ngettext("Signed out in %(count)s place.", "Signed out in %(count)s places.", ended)
        % {"count": ended},
    )
    return redirect("portal:sessions")


def _current(request: HttpRequest) -> UUID:
    current: UUID = request.member_session.pk  # type: ignore[attr-defined]
    return current
