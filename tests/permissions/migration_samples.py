"""How the URLs of migrations are called by the permission matrix: the whole group's staff only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mallard.value.migration.models import Migration
from mallard.value.migration.services import create_migration
from tests.permissions.places import GROUP_STAFF, MAKER, Side, World
from tests.permissions.rows import ANY, Sample


def of_migration(_world: World, side: Side) -> Mapping[str, Any]:
    name = f"matrix {side.name.value}"
    found = Migration.objects.filter(name=name).first()
    if found is None:
        found = create_migration(name=name, mall_id=side.mall.id, actor=MAKER)
    return {"migration_id": found.pk}


MIGRATION = {
    "/migration/": ANY,
    "/migration/new": Sample(seen=GROUP_STAFF),
    **{
        f"/migration/<uuid:migration_id>/{name}": Sample(path=of_migration, seen=GROUP_STAFF)
        for name in (
            "", "progress", "rows/", "upload", "totals", "explain", "post", "sign", "take-back",
            "totals.csv",
        )
    },
}  # fmt: skip
