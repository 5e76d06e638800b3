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
class Actor:
    """Whoever causes a read or a write; passed to every service and scoped query.

    ``label`` is what audit shows of a machine (`api key POS-3`); a person's name is looked up.
    ``request_id`` and ``address`` say where from, for the audit log.
    """

    kind: ActorKind
    id: UUID | None
    label: str
    permissions: frozenset[str] = frozenset()
    scope: Scope = NOWHERE
    request_id: str = ""
    address: str = ""
    everything: bool = field(default=False, repr=False)

    def may(self, permission: str) -> bool:
        """Whether the actor holds ``permission`` (`app.verb_noun`)."""
        return self.everything or permission in self.permissions

    def require(self, permission: str) -> None:
        """Raise :class:`Forbidden` unless the actor holds ``permission``."""
        if not self.may(permission):
            raise MissingPermission(permission=permission_title(permission))

    def at(self, *, request_id: str, address: str) -> Actor:
        """The same actor, within one request."""
        return replace(self, request_id=request_id, address=address)


class MissingPermission(Forbidden):
    code = "access.missing_permission"
    message = _("You may not do this: your role lacks “%(permission)s”.")


def system(label: str) -> Actor:
    """The actor of jobs and commands: may do everything, everywhere. ``label`` names the job."""
    return Actor(ActorKind.SYSTEM, None, label, scope=WHOLE_GROUP, everything=True)
