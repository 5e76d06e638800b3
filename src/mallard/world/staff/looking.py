"""Who looks on as a role: kept in the session, narrowed anew with each request.

The actor gets the permissions of the role that the person holds too, on the part of the place that
is theirs too, so that looking never shows more than they may see anyway. A role taken from them
meanwhile narrows the next page. It ends by hand, with the session, or after half an hour.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from mallard.kernel.access.actor import NOWHERE, Actor, Looking, Scope
from mallard.kernel.clock import now
from mallard.world.staff import places, queries, reach, services
from mallard.world.staff.permissions import SEE_AS_ROLE

KEY = "staff.looking"
LASTS = dt.timedelta(minutes=30)

BY_HAND = "by hand"
BY_TIME = "after 30 minutes"
BY_SIGNING_OUT = "signed out"
BY_LOSS = "no longer allowed"


def begin(request: HttpRequest, *, role: str, scope: Scope, actor: Actor) -> None:
    """From the next request on the session sees as ``role`` at ``scope``."""
    seen = services.begin_looking(role, scope, actor=actor)
    request.session[KEY] = {
        "role": role,
        "is_group": seen.is_group,
        "mall_ids": [str(id_) for id_ in seen.mall_ids],
        "tenant_ids": [str(id_) for id_ in seen.tenant_ids],
        "store_ids": [str(id_) for id_ in seen.store_ids],
        "since": int(now().timestamp()),
    }


def end(request: HttpRequest, why: str) -> bool:
    """The session sees with its owner's eyes again; whether it did not before."""
    kept = request.session.pop(KEY, None)
    if kept is None:
        return False
    own: Actor | None = getattr(request, "own_actor", None)
    if own is not None:
        services.end_looking(kept["role"], why=why, actor=own)
    return True


def actor_in(request: HttpRequest, own: Actor) -> Actor:
    """``own``, or who they look on as."""
    request.own_actor = own  # type: ignore[attr-defined]
    kept = request.session.get(KEY)
    if kept is None:
        return own
    if now().timestamp() - kept["since"] >= LASTS.total_seconds():
        end(request, BY_TIME)
        request.looking_is_over = True  # type: ignore[attr-defined]
        return own
    seen = _narrowed(kept, own)
    if seen is None:
        end(request, BY_LOSS)
        return own
    return seen


def _narrowed(kept: Mapping[str, Any], own: Actor) -> Actor | None:
    role = queries.role_catalogue().get(kept["role"])
    scope = reach.common(own.scope, _scope(kept))
    if role is None or scope == NOWHERE or not own.may(SEE_AS_ROLE):
        return None
    words = places.scope_in_words(scope, places.place_names([scope]))
    title = f"{role.name} · {words}"
    permissions = own.permissions & queries.role_permissions(role)
    return replace(own, permissions=permissions, scope=scope, looking=Looking(role.code, title))


def _scope(kept: Mapping[str, Any]) -> Scope:
    return Scope(
        is_group=kept["is_group"],
        mall_ids=frozenset(UUID(id_) for id_ in kept["mall_ids"]),
        tenant_ids=frozenset(UUID(id_) for id_ in kept["tenant_ids"]),
        store_ids=frozenset(UUID(id_) for id_ in kept["store_ids"]),
    )


def banner_of(request: HttpRequest) -> Mapping[str, Any]:
    """What stands above every page meanwhile."""
    kept = request.session.get(KEY)
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None or actor.looking is None or kept is None:
        return {"looking": None, "is_over": getattr(request, "looking_is_over", False)}
    ends_at = dt.datetime.fromtimestamp(kept["since"], dt.UTC) + LASTS
    return {"looking": actor.looking, "ends_at": ends_at}
