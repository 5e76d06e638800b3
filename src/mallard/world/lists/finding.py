"""Lists of members in the search over everything."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import Actor
from mallard.kernel.ui import finding
from mallard.kernel.ui.finding import Hit
from mallard.world.lists.permissions import VIEW_LIST
from mallard.world.lists.queries import visible_lists


def find(actor: Actor, text: str, limit: int) -> list[Hit]:
    """The lists that the actor may see whose name has every word."""
    rows = visible_lists(actor)
    for word in text.split():
        rows = rows.filter(name__icontains=word)
    return [
        Hit(row.name, reverse("lists:detail", args=[row.pk]), row.owner.name if row.owner else "")
        for row in rows.select_related("owner").order_by("name", "pk")[:limit]
    ]


def register() -> None:
    """Offer lists wherever rows are looked for."""
    finding.register(finding.Finder("lists", _("Lists"), "list", VIEW_LIST, find, order=75))
