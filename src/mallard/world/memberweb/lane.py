"""The member page's lane: everything under `/m/` belongs to members, nothing else does.

In here nobody is staff, whoever else may be signed in with the same browser; outside of here nobody
is a member.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseBase

from mallard.kernel.access.actor import Actor
from mallard.kernel.access.guards import MEMBER, OPEN, requires
from mallard.kernel.http.lanes import MEMBER_LANE
from mallard.world.members.models import Member

View = TypeVar("View", bound=Callable[..., Any])

PREFIX = MEMBER_LANE
NOT_KEPT = "private, no-store"


def member_page(view: View) -> View:
    """A page of the signed-in member: nobody else gets it, and no cache keeps it."""
    return _page(view, MEMBER)


def open_page(view: View) -> View:
    """A page that a member sees before coming in."""
    return _page(view, OPEN)


def _page(view: View, permission: str) -> View:
    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response: HttpResponseBase = view(request, *args, **kwargs)
        if "Cache-Control" not in response:
            response["Cache-Control"] = NOT_KEPT
        return response

    return cast(View, login_not_required(requires(permission)(answered)))


def member_of(request: HttpRequest) -> Member:
    """The member whose page this is; use it in a `member_page`."""
    return cast(Member, request.member)  # type: ignore[attr-defined]


def actor_here(request: HttpRequest) -> Actor:
    """The member as an actor."""
    return cast(Actor, request.actor)  # type: ignore[attr-defined]
