"""Notes whose page somebody opened, once the page is made."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from uuid import UUID

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponseBase

from mallard.kernel.access.actor import Actor, ActorKind
from mallard.kernel.ui.items import kind_of_page
from mallard.kernel.workspace.services.recents import note_opened

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class RecentItemsMiddleware:
    """Which page belongs to which kind of row is registered by the apps (`ui.items`)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.method == "GET" and response.status_code == 200:
            _note(request)
        return response


def _note(request: HttpRequest) -> None:
    match = request.resolver_match
    kind = kind_of_page(match.view_name) if match else None
    # Parts of a page that ask for themselves were opened with it.
    if match is None or kind is None or request.headers.get("HX-Request"):
        return
    actor: Actor | None = getattr(request, "actor", None)
    item_id = match.kwargs.get(kind.argument)
    if actor is None or actor.kind is not ActorKind.STAFF or not isinstance(item_id, UUID):
        return
    # The page matters more than the note of it.
    with suppress(OperationalError, InterfaceError):
        note_opened(kind.code, item_id, actor=actor)
