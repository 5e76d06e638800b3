"""Members in the search over everything, and among what somebody opened lately."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import Actor
from mallard.kernel.bilingual import name_order, named
from mallard.kernel.ui.finding import Finder, Hit
from mallard.kernel.ui.finding import register as register_finder
from mallard.kernel.ui.items import ItemKind
from mallard.kernel.ui.items import register as register_kind
from mallard.world.members.models import Member, MemberStatus
from mallard.world.members.permissions import VIEW_MEMBER
from mallard.world.members.persons import persons
from mallard.world.members.queries import search_members, visible_members
from mallard.world.members.showing import identities_of, shown_identities, shown_name
from mallard.world.members.tagging import visible_tags

ICON = "user"


def register() -> None:
    """Offer members wherever rows are looked for."""
    finder = Finder(
        "members", _("Members"), ICON, VIEW_MEMBER, find, order=10, list_url_name="members:list"
    )
    register_finder(finder)
    register_finder(
        Finder("tags", _("Tags"), "tag", VIEW_MEMBER, find_tags, 76, list_url_name="members:tags")
    )
    register_kind(ItemKind("member", ICON, VIEW_MEMBER, "members:detail", "member_id", find_by_ids))


def find(actor: Actor, text: str, limit: int) -> list[Hit]:
    """Members by number, any whole identity, the last four of one, or a part of the name; the
    newest first. Names and identities are masked as everywhere."""
    members = search_members(visible_members(actor), text)
    rows = members.order_by("-joined_at", "-pk")[:limit]
    return list(_hits(list(rows), actor).values())


def find_tags(actor: Actor, text: str, limit: int) -> list[Hit]:
    """The tags that the actor may know of whose code or name has every word."""
    rows = visible_tags(actor).filter(retired_at=None)
    for word in text.split():
        rows = rows.filter(named(word))
    return [
        Hit(tag.name, reverse("members:tag", args=[tag.code]), tag.description)
        for tag in rows.order_by(*name_order())[:limit]
    ]


def find_by_ids(ids: Collection[UUID], actor: Actor) -> dict[UUID, Hit]:
    """These members, without those who were erased."""
    members = visible_members(actor).filter(pk__in=ids).exclude(status=MemberStatus.ERASED)
    return _hits(list(members), actor)


def _hits(members: Sequence[Member], actor: Actor) -> dict[UUID, Hit]:
    people = persons(members)
    identities = identities_of(people)
    found = {}
    for member in members:
        person = people[member.id]
        name = shown_name(person.profile, actor)
        shown = shown_identities(identities[member.id], person)
        details = [member.number] if name else []
        details += [one.masked for one in shown[:1]]
        found[member.id] = Hit(
            name or member.number,
            reverse("members:detail", args=[member.id]),
            " · ".join(details),
        )
    return found
