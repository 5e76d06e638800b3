"""Nobody gives, takes or shapes more than they hold themselves: by permission and by place."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import Actor, Scope
from mallard.kernel.access.permissions import permission_title
from mallard.kernel.errors import Forbidden
from mallard.world.malls.queries import store_ids_in
from mallard.world.staff import queries


class BeyondOwn(Forbidden):
    code = "staff.beyond_own"
    message = _("You can give or take only what you hold yourself, and you lack: %(what)s.")


class PlaceBeyondOwn(Forbidden):
    code = "staff.place_beyond_own"
    message = _("You can do this only at places that are your own.")


def covers(outer: Scope, inner: Scope) -> bool:
    """Whether every store that ``inner`` reaches, now or later, is within ``outer``.

    A mall or tenant must be held as such: its stores of today say nothing of tomorrow's.
    """
    if outer.is_group:
        return True
    if inner.is_group:
        return False
    return (
        inner.mall_ids <= outer.mall_ids
        and inner.tenant_ids <= outer.tenant_ids
        and (not inner.store_ids or inner.store_ids <= (store_ids_in(outer) or frozenset()))
    )


def common(one: Scope, other: Scope) -> Scope:
    """What lies in both. Malls and tenants that both hold as such stay such; for the rest it is the
    stores of today."""
    if covers(one, other):
        return other
    if covers(other, one):
        return one
    shared = (store_ids_in(one) or frozenset()) & (store_ids_in(other) or frozenset())
    return Scope(
        mall_ids=one.mall_ids & other.mall_ids,
        tenant_ids=one.tenant_ids & other.tenant_ids,
        store_ids=shared,
    )


def require_grantable(actor: Actor, permissions: Collection[str], scope: Scope) -> None:
    """Refuse unless the actor holds ``permissions`` and ``scope`` lies within theirs.

    Raises `BeyondOwn`, `PlaceBeyondOwn`.
    """
    lacking = sorted(code for code in permissions if not actor.may(code))
    if lacking:
        raise BeyondOwn(what=", ".join(permission_title(code) for code in lacking[:3]))
    if not covers(actor.scope, scope):
        raise PlaceBeyondOwn()


def require_group_scope(actor: Actor) -> None:
    """Refuse who does not work for the whole group."""
    if not actor.scope.is_group:
        raise PlaceBeyondOwn()


def require_over(user_id: UUID, actor: Actor) -> None:
    """Refuse to act on the account of somebody who may do more, or elsewhere, than the actor."""
    for assignment in queries.assignments_of(user_id):
        require_grantable(actor, queries.permissions_of(assignment), assignment.scope)
