"""How the URLs of imports and custom fields are called; see `samples.py`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mallard.world.intake.models import MemberImport
from mallard.world.members.models import CustomField
from tests.permissions.places import GROUP_STAFF, Side, World
from tests.permissions.rows import ANY, Sample


def of_import(_world: World, _side: Side) -> Mapping[str, Any]:
    """An import that somebody else brought: the group's staff see it, whoever works elsewhere
    sees their own only."""
    found = MemberImport.objects.first()
    if found is None:
        found = MemberImport.objects.create(digest=b"matrix", rows_total=1, mapping=[""])
    return {"import_id": found.pk}


def of_field(_world: World, _side: Side) -> Mapping[str, Any]:
    """What may be known of members is the group's: whoever may edit fields may edit each."""
    names = {"name_en": "Shoe size", "type": "number"}
    found, _made = CustomField.objects.get_or_create(code="shoe_size", defaults=names)
    return {"field_code": found.code}


_ONE = Sample(path=of_import, seen=GROUP_STAFF)
INTAKE = {
    "/members/fields/": ANY,
    "/members/fields/new": ANY,
    "/members/fields/<slug:field_code>": Sample(path=of_field),
    "/members/fields/<slug:field_code>/retire": Sample(path=of_field),
    "/imports/": ANY,
    "/imports/new": ANY,
    "/imports/<uuid:import_id>/": _ONE,
    "/imports/<uuid:import_id>/columns": _ONE,
    "/imports/<uuid:import_id>/columns/saved": _ONE,
    "/imports/<uuid:import_id>/run": _ONE,
    "/imports/<uuid:import_id>/undo": _ONE,
    "/imports/<uuid:import_id>/cancel": _ONE,
    "/imports/<uuid:import_id>/progress": _ONE,
    "/imports/<uuid:import_id>/result": _ONE,
}
