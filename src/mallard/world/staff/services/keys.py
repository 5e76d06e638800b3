"""API keys: made, renewed, revoked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from mallard.kernel.access.actor import NOWHERE, Actor, ActorKind, Scope
from mallard.kernel.access.permissions import is_declared
from mallard.kernel.audit.services import record
from mallard.kernel.clock import now
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.http.authentication import forget_keys
from mallard.world.staff import reach
from mallard.world.staff.errors import (
    KeyNotFound,
    NameNeeded,
    PermissionUnknown,
    ScopeEmpty,
    at,
)
from mallard.world.staff.locks import lock_api_key
from mallard.world.staff.models import ApiKey
from mallard.world.staff.permissions import MANAGE_API_KEY
from mallard.world.staff.rules import digest, new_key


@dataclass(frozen=True, slots=True)
class MadeKey:
    """A fresh API key; ``plain`` is shown this once and kept nowhere."""

    id: UUID
    prefix: str
    plain: str


OVERLAP_HOURS = 24
"""How long a key that was renewed opens beside the new one: time to change the tills."""


@atomic_retrying
def create_api_key(
    *,
    name: str,
    scope: Scope,
    permissions: Collection[str],
    expires_at: dt.datetime | None = None,
    actor: Actor,
) -> MadeKey:
    """Make a key for a machine. The person who makes it answers for it.

    Raises `PermissionUnknown`, `ScopeEmpty`, `NameNeeded`, and `reach.BeyondOwn` for more than the
    actor holds.
    """
    actor.require(MANAGE_API_KEY)
    if not 1 <= len(name.strip()) <= 80:
        raise at("name", NameNeeded())
    if scope == NOWHERE:
        raise ScopeEmpty()
    for permission in permissions:
        if not is_declared(permission):
            raise PermissionUnknown(permission=permission)
    reach.require_grantable(actor, permissions, scope)
    owner_id = actor.id if actor.kind is ActorKind.STAFF else None
    return _make(name.strip(), scope, sorted(set(permissions)), expires_at, owner_id, actor=actor)


def _make(
    name: str,
    scope: Scope,
    permissions: list[str],
    expires_at: dt.datetime | None,
    owner_id: UUID | None,
    *,
    actor: Actor,
) -> MadeKey:
    plain = new_key()
    columns = ApiKey.columns_of(scope)
    key = ApiKey.objects.create(
        name=name,
        prefix=plain.prefix,
        secret_hash=digest(plain.secret),
        permissions=permissions,
        expires_at=expires_at,
        owner_id=owner_id,
        **columns,
    )
    record(
        actor,
        "staff.api_key_created",
        "api_key",
        key.id,
        after={
            "name": name,
            "prefix": key.prefix,
            "permissions": permissions,
            "expires_at": expires_at,
            **columns,
        },
    )
    return MadeKey(key.id, plain.prefix, plain.text)


@atomic_retrying
def rotate_api_key(key_id: UUID, *, actor: Actor) -> MadeKey:
    """Make a new key that may do the same; the old one still opens for `OVERLAP_HOURS`.

    An expiry is moved on by as long as the old key was meant to live. Raises `KeyNotFound`,
    `reach.BeyondOwn`.
    """
    key = _open_key(key_id, actor=actor)
    end = key.expires_at and now() + (key.expires_at - key.created_at)
    made = _make(key.name, key.scope, list(key.permissions), end, key.owner_id, actor=actor)
    last = now() + dt.timedelta(hours=OVERLAP_HOURS)
    until = min(key.expires_at, last) if key.expires_at else last
    ApiKey.objects.filter(pk=key_id).update(expires_at=until)
    record(
        actor,
        "staff.api_key_rotated",
        "api_key",
        key_id,
        before={"expires_at": key.expires_at},
        after={"expires_at": until, "new_key": made.prefix},
    )
    forget_keys()
    return made


@atomic_retrying
def revoke_api_key(key_id: UUID, *, actor: Actor) -> None:
    """A key opens nothing any more, within seconds. Again changes nothing.

    Raises `KeyNotFound`, `reach.BeyondOwn`.
    """
    try:
        key = _open_key(key_id, actor=actor)
    except KeyNotFound:
        if ApiKey.objects.filter(pk=key_id).exists():
            return
        raise
    ApiKey.objects.filter(pk=key.pk).update(revoked_at=now())
    record(actor, "staff.api_key_revoked", "api_key", key_id)
    forget_keys()


def _open_key(key_id: UUID, *, actor: Actor) -> ApiKey:
    """A key that still opens something, locked, if the actor could make one like it."""
    actor.require(MANAGE_API_KEY)
    key = lock_api_key(key_id)
    if key is None or key.revoked_at is not None or (key.expires_at and key.expires_at <= now()):
        raise KeyNotFound()
    known = [permission for permission in key.permissions if is_declared(permission)]
    reach.require_grantable(actor, known, key.scope)
    return key
