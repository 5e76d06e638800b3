"""How the ledger's pages call points that came from another system."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import Actor
from mallard.value.ledger.sources import SourceLink, register_reason, register_source
from mallard.value.migration.models import MigrationRow
from mallard.value.migration.permissions import PREPARE

SOURCE_KIND = "migration"
REASON = "migration"


def register() -> None:
    """Called once, when the app is ready."""
    register_reason(REASON, _("Brought over from another system"))
    register_source(SOURCE_KIND, _links)


def _links(ids: Collection[UUID], actor: Actor) -> dict[UUID, SourceLink]:
    if not (actor.scope.is_group and actor.may(PREPARE)):
        return {}
    rows = MigrationRow.objects.filter(pk__in=ids).select_related("migration")
    return {
        row.pk: SourceLink(row.migration.name, reverse("migration:detail", args=[row.migration_id]))
        for row in rows
    }
