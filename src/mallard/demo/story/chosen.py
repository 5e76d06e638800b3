"""Whom staff chose: three tags, one of them for the desk's eyes only, and two lists of members."""

from __future__ import annotations

from uuid import UUID

from mallard.demo.people import card_number
from mallard.kernel.access.actor import Actor
from mallard.kernel.database.transactions import atomic_retrying
from mallard.world.lists.models import ChangeSource
from mallard.world.lists.services import add_members, make_list
from mallard.world.members.models import Tag
from mallard.world.members.queries import MemberRef, find_by_identities
from mallard.world.members.services import make_tag, tag_members

TAGS = {
    "tasting": range(40, 2_400, 97),
    "young-family": range(11, 2_400, 61),
    "call-back": range(25, 2_400, 331),
}
LISTS = {
    "Autumn tasting 秋季品鉴会": range(40, 2_400, 97),
    "To call back 待回访": range(25, 2_400, 331),
}


@atomic_retrying
def plant(*, actor: Actor) -> None:
    """Make them once: again changes nothing. A part of the year has fewer members."""
    if Tag.objects.exists():
        return
    make_tag(
        "tasting", name_en="Wine tasting", name_zh="品酒会", colour="danger", owner_role="marketer",
        description="Came to an evening, or asked to be invited.", actor=actor,
    )  # fmt: skip
    make_tag(
        "young-family", name_en="Young family", name_zh="家有幼儿", colour="success", actor=actor
    )
    make_tag(
        "call-back", name_en="Call back", name_zh="待回访", colour="warning",
        owner_role="service_agent", seen_by="owner", put_by="owner", actor=actor,
        description="Waits for a call from the desk.",
    )  # fmt: skip
    for code, households in TAGS.items():
        tag_members(_members(households), code, actor=actor)
    for name, households in LISTS.items():
        made = make_list(name, is_shared=True, actor=actor)
        add_members(made.pk, _members(households), source=ChangeSource.API, actor=actor)


def _members(households: range) -> list[UUID]:
    refs = [MemberRef("card", card_number(household)) for household in households]
    return [found.survivor_id for found in find_by_identities(refs).values()]
