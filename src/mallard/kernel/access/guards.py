"""Declares what a page or a route needs. A view without a declaration is refused by a test."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any, TypeVar, cast

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import Actor, ActorKind
from mallard.kernel.errors import DomainError

View = TypeVar("View", bound=Callable[..., Any])

OPEN = "open"
SIGNED_IN = "signed-in"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
MEMBER = "member"


class SignInNeeded(DomainError):
    code = "access.sign_in_needed"
    status = 401
    message = _("Please sign in first.")


def actor_of(request: HttpRequest) -> Actor:
    """The actor that the authentication put on the request."""
    actor = getattr(request, "actor", None)
    if actor is None:
        raise SignInNeeded()
    return cast(Actor, actor)


def requires(permission: str, *, while_looking: bool = False) -> Callable[[View], View]:
    """Let a view run only for an actor who holds ``permission``.

    ``SIGNED_IN`` needs any actor; ``MEMBER`` a member, on their own pages; ``OPEN`` needs none and
    is listed by a test. Works for Django views and django-ninja operations alike: the first
    argument is the request. Who looks on as another role changes nothing, except by a view that is
    meant for it (``while_looking``).
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if permission != OPEN:
                actor = actor_of(request)
                if (permission == MEMBER) != (actor.kind is ActorKind.MEMBER):
                    raise SignInNeeded()
                if request.method not in SAFE_METHODS and not while_looking:
                    actor.require_change()
                if permission not in (SIGNED_IN, MEMBER):
                    actor.require(permission)
            return view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        guarded.while_looking = while_looking  # type: ignore[attr-defined]
        # django-ninja would resolve the view's annotations in this module; resolve them in its own.
        with suppress(NameError):
            guarded.__signature__ = inspect.signature(view, eval_str=True)  # type: ignore[attr-defined]
        return cast(View, guarded)

    return decorate
