"""The bell of the topbar and what stands behind it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import condition, require_POST, require_safe

from mallard.kernel.access.guards import SIGNED_IN, actor_of, requires
from mallard.kernel.errors import NotFound
from mallard.kernel.ui.filters import BooleanFilter
from mallard.kernel.ui.lists import Column, Empty, ListPage
from mallard.kernel.ui.marks import icon
from mallard.kernel.ui.templatetags.ui import at
from mallard.kernel.workspace import queries
from mallard.kernel.workspace.models import Notification
from mallard.kernel.workspace.notifications import kind_of
from mallard.kernel.workspace.services import notifying as services


def _sentence(row: Notification) -> Any:
    kind = kind_of(row.kind)
    if kind is None:
        return row.kind
    shape = "{} <strong>{}</strong>" if row.read_at is None else "{} {}"
    return format_html(shape, icon(kind.icon), kind.sentence(row.params))


NOTIFICATIONS = ListPage(
    key="notifications",
    title=_("Notifications"),
    columns=(
        Column("what", _("What"), _sentence),
        Column("at", _("Time"), lambda row: at(row.created_at), sort="created_at"),
    ),
    default_sort="-at",
    filters=(BooleanFilter("unread", _("Unread"), apply=lambda rows: rows.filter(read_at=None)),),
    row_url=lambda row: reverse("workspace:notification", args=[row.pk]),
    empty=Empty(_("Nothing to tell"), _("Files that are ready and news for you appear here.")),
    template="workspace/notifications.html",
)


def bell_of(request: HttpRequest) -> dict[str, int]:
    """What the bell shows. One query, counted to a hundred."""
    return {"unread": queries.unread_count(actor_of(request))}


def _bell_tag(request: HttpRequest) -> str:
    actor = getattr(request, "actor", None)
    count = queries.unread_count(actor) if actor is not None else 0
    return f'"{count}-{get_language()}"'


@requires(SIGNED_IN)
@require_safe
@condition(etag_func=_bell_tag)
def bell(request: HttpRequest) -> HttpResponse:
    """The bell alone; 304 while nothing changed, so that asking costs next to nothing."""
    response = render(request, "workspace/bell.html", bell_of(request))
    response["Cache-Control"] = "private, no-cache"
    return response


@requires(SIGNED_IN)
@require_safe
def notification_list(request: HttpRequest) -> HttpResponse:
    """Everything that the reader was told, newest first."""
    actor = actor_of(request)
    context = {"has_unread": queries.unread_count(actor) > 0}
    return NOTIFICATIONS.respond(request, queries.notifications_of(actor), context)


@requires(SIGNED_IN)
@require_POST
def mark_read(request: HttpRequest) -> HttpResponse:
    """Everything is read."""
    services.mark_read(actor=actor_of(request))
    return HttpResponseRedirect(reverse("workspace:notifications"))


@requires(SIGNED_IN)
@require_safe
def follow(request: HttpRequest, notification_id: UUID) -> HttpResponse:
    """Go where a notification leads; with that it is read."""
    actor = actor_of(request)
    row = queries.notifications_of(actor).filter(pk=notification_id).first()
    if row is None:
        raise NotFound()
    if actor.looking is None:
        services.mark_read([row.id], actor=actor)
    return HttpResponseRedirect(row.url or reverse("workspace:notifications"))
