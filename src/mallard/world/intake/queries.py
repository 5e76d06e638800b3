"""Reads of imports."""

from __future__ import annotations

from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from mallard.kernel.access.actor import Actor
from mallard.world.intake.errors import ImportNotFound
from mallard.world.intake.models import MemberImport
from mallard.world.staff.models import StaffUser


def visible_imports(actor: Actor) -> QuerySet[MemberImport]:
    """One's own imports; whoever works for the whole group sees everybody's. Each carries the name
    of its ``uploader``."""
    names = StaffUser.objects.filter(pk=OuterRef("actor_id")).values("name")
    imports = MemberImport.objects.annotate(uploader=Subquery(names))
    return imports if actor.scope.is_group else imports.filter(actor_id=actor.id)


def visible_import(actor: Actor, import_id: UUID) -> MemberImport:
    """Raises `ImportNotFound`."""
    found = visible_imports(actor).select_related("store", "mall").filter(pk=import_id).first()
    if found is None:
        raise ImportNotFound()
    return found
