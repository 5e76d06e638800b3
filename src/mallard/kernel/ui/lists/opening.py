"""A list outside of its page: an export, a view or a choice of columns asks the page itself.

`open_list` calls the page behind an address as the actor, with a request that is not from a
browser, and takes over the list when the page hands it to `ListPage.respond` or `bind`. So the
permission, the scope and the columns are decided where they always are, once: a list that is new
can be exported from its first day, and nobody gets from a job what the page would not show them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, QueryDict
from django.urls import Resolver404, resolve
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import Actor
from mallard.kernel.errors import NotFound
from mallard.kernel.ui.filters import Rows

if TYPE_CHECKING:
    from mallard.kernel.ui.lists.declaration import ListPage

_LONGEST_ADDRESS = 2_000
_SALT = "mallard.ui.list"


class ListNotFound(NotFound):
    code = "ui.list_not_found"
    message = _("This list does not exist any more.")


class ListCall(HttpRequest):
    """A request by which code asks a page for its list, e.g. a job on behalf of a person."""

    def __init__(self, *, key: str, path: str, query: str, actor: Actor) -> None:
        super().__init__()
        self.list_key = key
        self.method = "GET"
        self.path = self.path_info = path
        self.GET = QueryDict(query)
        self.actor = actor
        self.user = AnonymousUser()


@dataclass(frozen=True, slots=True)
class OpenList:
    """A list, the rows that its reader may see, and the call that carries the parameters.

    ``permission`` is what the page needs.
    """

    page: ListPage
    rows: Rows
    call: ListCall
    permission: str


class _HandedOver(Exception):  # a message between two functions of this module, no error
    def __init__(self, page: ListPage, rows: Rows) -> None:
        super().__init__(page.key)
        self.page = page
        self.rows = rows


def open_list(address: str, *, key: str, actor: Actor) -> OpenList:
    """The list ``key`` that the page at ``address`` (``/members/?status=open``) shows to ``actor``.

    Raises `ListNotFound`, and whatever the page says to those who may not see it.
    """
    path, _mark, query = address.partition("?")
    if len(address) > _LONGEST_ADDRESS or not path.startswith("/"):
        raise ListNotFound()
    try:
        found = resolve(path)
    except Resolver404:
        raise ListNotFound() from None
    permission = getattr(found.func, "permission", None)
    if permission is None:
        # Nobody declared who may see it: it is not for calling from here.
        raise ListNotFound()
    call = ListCall(key=key, path=path, query=query, actor=actor)
    call.resolver_match = found
    try:
        found.func(call, *found.args, **found.kwargs)
    except _HandedOver as handed:
        return OpenList(handed.page, handed.rows, call, permission)
    raise ListNotFound()


def list_token(key: str, path: str) -> str:
    """What a list puts into its own forms, so that nobody makes us call just any page."""
    return Signer(salt=_SALT).sign(f"{key}:{path}")


def open_named_list(token: str, address: str, *, actor: Actor) -> OpenList:
    """`open_list` for what a browser sent back: ``token`` says which list, ``address`` its state.

    Raises `ListNotFound`, and whatever the page says to those who may not see it.
    """
    try:
        key, _colon, path = Signer(salt=_SALT).unsign(token).partition(":")
    except BadSignature:
        raise ListNotFound() from None
    if address.partition("?")[0] != path:
        raise ListNotFound()
    return open_list(address, key=key, actor=actor)


def hand_over(page: ListPage, request: HttpRequest, rows: Rows | Any) -> None:
    """Give the list to the code that called the page for it; nothing for a reader's request."""
    if isinstance(request, ListCall) and request.list_key == page.key:
        raise _HandedOver(page, rows)
