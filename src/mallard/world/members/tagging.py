"""Whose tags are whose: which of them somebody sees, puts on members, and may change.

Decided here and nowhere else. A machine holds no role: it sees the tags meant for everybody.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from mallard.kernel.access.actor import Actor, ActorKind
from mallard.kernel.access.people import roles_of
from mallard.world.malls.queries import covers_mall, malls_in
from mallard.world.members.errors import TagRetired, TagUnknown
from mallard.world.members.models import MemberTag, Tag, TagCircle
from mallard.world.members.permissions import EDIT_EVERY_TAG, EDIT_TAG
from mallard.world.members.queries import visible_members


def keeps_all(actor: Actor) -> bool:
    """Administrators of the group keep what others left behind."""
    return actor.everything or (actor.may(EDIT_EVERY_TAG) and actor.scope.is_group)


def visible_tags(actor: Actor) -> QuerySet[Tag]:
    """The tags that the actor may know of, retired ones included."""
    if keeps_all(actor):
        return Tag.objects.all()
    if actor.kind is ActorKind.MEMBER:  # what is open to the staff is no secret to them
        return Tag.objects.filter(seen_by=TagCircle.EVERYBODY)
    return _of_malls(actor).filter(Q(seen_by=TagCircle.EVERYBODY) | _own(actor))


def only_visible(tags: Collection[Tag], actor: Actor) -> list[Tag]:
    """Those of ``tags`` that the actor may know of, as `visible_tags` has it; asks the database
    only where one of them is not for everybody."""
    is_plain = all(tag.seen_by == TagCircle.EVERYBODY and tag.mall_id is None for tag in tags)
    if is_plain or keeps_all(actor):
        return list(tags)
    visible = set(visible_tags(actor).values_list("pk", flat=True))
    return [tag for tag in tags if tag.pk in visible]


def usable_tags(actor: Actor) -> QuerySet[Tag]:
    """The tags that the actor may put on members and take off: visible, and not retired."""
    tags = visible_tags(actor).filter(retired_at=None)
    if keeps_all(actor):
        return tags
    return tags.filter(Q(put_by=TagCircle.EVERYBODY) | _own(actor))


def _own(actor: Actor) -> Q:
    """Owned by the actor or by a role that they hold."""
    mine = Q(owner_role__in=roles_of(actor)) & ~Q(owner_role="")
    if actor.kind is ActorKind.STAFF and actor.id is not None:
        mine |= Q(owner=actor.id)
    return mine


def _of_malls(actor: Actor) -> QuerySet[Tag]:
    """Those of no mall in particular, and those of malls where the actor works."""
    if actor.scope.is_group:
        return Tag.objects.all()
    return Tag.objects.filter(Q(mall=None) | Q(mall__in=malls_in(actor.scope).values("pk")))


def may_edit(tag: Tag, actor: Actor) -> bool:
    """Whether the actor may change, retire and merge the tag: its owner may, and where it has no
    owner whoever may edit tags. A tag of the whole group is not for the staff of one mall."""
    if keeps_all(actor):
        return True
    if not actor.may(EDIT_TAG):
        return False
    if not actor.scope.is_group and (
        tag.mall_id is None or not covers_mall(actor.scope, tag.mall_id)
    ):
        return False
    if tag.owner_id is not None:
        return tag.owner_id == actor.id
    return not tag.owner_role or tag.owner_role in roles_of(actor)


def usable_ids(codes: Collection[str], actor: Actor) -> dict[str, UUID]:
    """The tags with these codes that the actor may put on; a merged one is what it was merged into.

    Raises `TagUnknown` for one that does not exist for the actor, `TagRetired`.
    """
    if not codes:
        return {}
    visible = {tag.code: tag for tag in visible_tags(actor).filter(code__in=codes)}
    usable = set(usable_tags(actor).values_list("pk", flat=True))
    found = {}
    for code in codes:
        if code not in visible:
            raise TagUnknown(tag=code)
        tag = final(visible[code])
        if tag.retired_at is not None:
            raise TagRetired(tag=tag.name)
        if tag.pk not in usable:
            raise TagUnknown(tag=code)
        found[code] = tag.pk
    return found


def final(tag: Tag) -> Tag:
    """The tag that stands for ``tag`` after merges."""
    while tag.merged_into is not None:
        tag = tag.merged_into
    return tag


def counts_of(tags: Collection[UUID], actor: Actor) -> dict[UUID, int]:
    """On how many members whom the actor may know of each tag is; one statement."""
    rows = MemberTag.objects.filter(tag__in=tags)
    if not actor.scope.is_group:
        rows = rows.filter(member__in=visible_members(actor).values("pk"))
    counted = rows.order_by().values_list("tag").annotate(Count("pk"))
    return dict(counted)
