"""Who acts, what they may do, and on which stores."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.permissions import permission_title
from mallard.kernel.errors import Forbidden


class ActorKind(StrEnum):
    STAFF = "staff"
    API = "api"
    MEMBER = "member"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Scope:
    """A set of stores, given as the whole group or as malls, tenants and stores.

    Opaque here: only the malls app knows which stores it means (`malls.queries.stores_in`).
    """

    is_group: bool = False
    mall_ids: frozenset[UUID] = frozenset()
    tenant_ids: frozenset[UUID] = frozenset()
    store_ids: frozenset[UUID] = frozenset()

    def __or__(self, other: Scope) -> Scope:
        return Scope(
            self.is_group or other.is_group,
            self.mall_ids | other.mall_ids,
            self.tenant_ids | other.tenant_ids,
            self.store_ids | other.store_ids,
        )


NOWHERE = Scope()
WHOLE_GROUP = Scope(is_group=True)


@dataclass(frozen=True, slots=True)
class Looking:
    """Somebody looks on as a role at a place would see it; ``title`` says which, for people."""

    role: str
    title: str


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever causes a read or a write; passed to every service and scoped query.

    ``label`` is what audit shows of a machine (`api key POS-3`); a person's name is looked up.
    ``request_id`` and ``address`` say where from, for the audit log. ``looking`` marks somebody who
    sees the console as another role would: they read, and change or reveal nothing.
    """

    kind: ActorKind
    id: UUID | None
    label: str
    permissions: frozenset[str] = frozenset()
    scope: Scope = NOWHERE
    request_id: str = ""
    address: str = ""
    everything: bool = field(default=False, repr=False)
    looking: Looking | None = None

    def may(self, permission: str) -> bool:
        """Whether the actor holds ``permission`` (`app.verb_noun`)."""
        return self.everything or permission in self.permissions

    def require(self, permission: str) -> None:
        """Raise :class:`Forbidden` unless the actor holds ``permission``."""
        if not self.may(permission):
            raise MissingPermission(permission=permission_title(permission))

    def require_change(self) -> None:
        """Raise :class:`LookingOnly` for somebody who only looks on.

        The two places that every write passes ask: the guard of each page, by the method of the
        request, and the audit log, which every change writes.
        """
        if self.looking is not None:
            raise LookingOnly(role=self.looking.title)

    def at(self, *, request_id: str, address: str) -> Actor:
        """The same actor, within one request."""
        return replace(self, request_id=request_id, address=address)


class MissingPermission(Forbidden):
    code = "access.missing_permission"
    message = _("You may not do this: your role lacks “%(permission)s”.")


class LookingOnly(Forbidden):
    code = "access.looking_only"
    message = _(
        "You are looking as %(role)s, so nothing can be changed or revealed. Go back to your own "
        "view first."
    )


def system(label: str) -> Actor:
    """The actor of jobs and commands: may do everything, everywhere. ``label`` names the job."""
    return Actor(ActorKind.SYSTEM, None, label, scope=WHOLE_GROUP, everything=True)
