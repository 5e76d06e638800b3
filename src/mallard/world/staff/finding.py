"""Colleagues in the search over everything, and among what somebody opened lately."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import Actor
from mallard.kernel.ui import finding, items
from mallard.kernel.ui.finding import Hit
from mallard.world.staff.models import StaffUser
from mallard.world.staff.permissions import VIEW_STAFF
from mallard.world.staff.queries import role_name, staff_matching, visible_staff

ICON = "id-badge-2"


def _hit(user: StaffUser) -> Hit:
    roles = gettext(", ").join(dict.fromkeys(role_name(row) for row in user.assignments.all()))
    return Hit(user.name or user.email, reverse("staff:person", args=[user.pk]), roles)


def find(actor: Actor, text: str, limit: int) -> list[Hit]:
    """Colleagues of whose name or e-mail every word is a part."""
    rows = staff_matching(visible_staff(actor), text).order_by("name", "pk")
    return [_hit(user) for user in rows[:limit]]


def find_by_ids(ids: Collection[UUID], actor: Actor) -> dict[UUID, Hit]:
    return {user.pk: _hit(user) for user in visible_staff(actor).filter(pk__in=ids)}


def register() -> None:
    """Offer colleagues wherever rows are looked for."""
    finding.register(
        finding.Finder(
            "staff", _("Staff"), ICON, VIEW_STAFF, find, order=80, list_url_name="staff:list"
        )
    )
    items.register(
        items.ItemKind("staff", ICON, VIEW_STAFF, "staff:person", "user_id", find_by_ids)
    )
