"""How the URLs of imports, duplicates and custom fields are called; see `samples.py`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q

from mallard.world.duplicates.models import DuplicatePair
from mallard.world.intake.models import MemberImport
from mallard.world.members.models import CustomField
from mallard.world.members.tests.factories import a_member
from tests.permissions.places import GROUP_STAFF, WHOLE_MALL_ROWS, Side, World
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


def of_pair(_world: World, side: Side) -> Mapping[str, Any]:
    """Two records of one side's members: whoever may know of both sees the pair."""
    theirs = Q(first=side.member_id) | Q(second=side.member_id)
    found = DuplicatePair.objects.filter(theirs).first()
    if found is None:
        second = a_member(store_id=side.store.id, name="Matrix")
        first_id, second_id = sorted((side.member_id, second.pk))
        found = DuplicatePair.objects.create(first_id=first_id, second_id=second_id, permille=900)
    return {"pair_id": found.pk}


def of_survivor(_world: World, side: Side) -> Mapping[str, Any]:
    return {"survivor": str(side.member_id)}


_ONE = Sample(path=of_import, seen=GROUP_STAFF)
INTAKE = {
    "/members/fields/": ANY,
    "/members/fields/new": ANY,
    "/members/fields/<slug:field_code>": Sample(path=of_field),
    "/members/fields/<slug:field_code>/retire": Sample(path=of_field),
    "/duplicates/": ANY,
    "/duplicates/search": ANY,
    "/duplicates/<uuid:pair_id>/": Sample(path=of_pair, seen=WHOLE_MALL_ROWS),
    "/duplicates/<uuid:pair_id>/merge": Sample(
        path=of_pair, body=of_survivor, seen=WHOLE_MALL_ROWS
    ),
    "/duplicates/<uuid:pair_id>/different": Sample(path=of_pair, seen=WHOLE_MALL_ROWS),
    "/duplicates/<uuid:pair_id>/reconsider": Sample(path=of_pair, seen=WHOLE_MALL_ROWS),
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
