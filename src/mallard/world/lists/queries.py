"""Reads of lists. Who sees which, and whom on it, is decided here and nowhere else."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from mallard.kernel.access.actor import Actor, ActorKind
from mallard.kernel.access.people import roles_of
from mallard.world.lists.errors import ListNotFound
from mallard.world.lists.models import ListEntry, MemberList
from mallard.world.lists.permissions import EDIT_EVERY_LIST, EDIT_LIST, VIEW_LIST
from mallard.world.malls.queries import malls_in
from mallard.world.members.models import Member, MemberStatus
from mallard.world.members.queries import visible_members
from mallard.world.members.rules import MAX_MERGE_DEPTH


def visible_lists(actor: Actor) -> QuerySet[MemberList]:
    """The lists that the actor may know of: their own, and those shared with them. A machine sees
    what is shared without naming roles, and what machines made."""
    if _keeps_all(actor):
        return MemberList.objects.all()
    if not actor.may(VIEW_LIST):
        return MemberList.objects.none()
    roles = Q(shared_roles=[]) | Q(shared_roles__overlap=sorted(roles_of(actor)))
    condition = Q(is_shared=True) & roles & _at_their_malls(actor)
    if actor.kind is ActorKind.STAFF and actor.id is not None:
        condition |= Q(owner=actor.id)
    elif actor.scope.is_group:
        condition |= Q(owner=None)
    return MemberList.objects.filter(condition)


def _keeps_all(actor: Actor) -> bool:
    """Administrators of the group keep what others left behind."""
    return actor.everything or (actor.may(EDIT_EVERY_LIST) and actor.scope.is_group)


def _at_their_malls(actor: Actor) -> Q:
    """Shared with no mall in particular, or with one where the actor works."""
    shared = MemberList.shared_malls.through.objects.filter(memberlist=OuterRef("pk"))
    anywhere = ~Q(Exists(shared))
    if actor.scope.is_group:
        return anywhere | Q(Exists(shared))
    here = shared.filter(mall__in=malls_in(actor.scope).values("pk"))
    return anywhere | Q(Exists(here))


def visible_list(actor: Actor, list_id: UUID) -> MemberList:
    """The list, if the actor may know of it. Raises `ListNotFound`."""
    found = visible_lists(actor).select_related("owner").filter(pk=list_id).first()
    if found is None:
        raise ListNotFound()
    return found


def may_edit(found: MemberList, actor: Actor) -> bool:
    """Whether the actor may rename, share and close a list that they see."""
    if _keeps_all(actor):
        return True
    if not actor.may(EDIT_LIST):
        return False
    if actor.kind is ActorKind.STAFF:
        return found.owner_id == actor.id
    return found.owner_id is None


def may_fill(found: MemberList, actor: Actor) -> bool:
    """Whether the actor may put members on a list that they see, and take them off."""
    if found.closed_at is not None:
        return False
    return may_edit(found, actor) or (found.is_filled_by_all and actor.may(EDIT_LIST))


def fillable_lists(actor: Actor) -> list[MemberList]:
    """The open lists that the actor may fill, by name."""
    return [one for one in visible_lists(actor).filter(closed_at=None) if may_fill(one, actor)]


def on_list(list_id: UUID) -> Q:
    """Members on a list, by their own record or by one that was merged into theirs."""
    entries = ListEntry.objects.filter(list=list_id)
    condition = Q(Exists(entries.filter(member=OuterRef("pk"))))
    path = "member"
    for _depth in range(MAX_MERGE_DEPTH):
        path += "__merged_into"
        condition |= Q(Exists(entries.filter(**{path: OuterRef("pk")})))
    return condition


def members_of(found: MemberList, actor: Actor) -> QuerySet[Member]:
    """Who is on a list, of those whom the actor may know of; merged members by their survivor."""
    rows = visible_members(actor).filter(on_list(found.pk), merged_into=None)
    return rows.exclude(status=MemberStatus.ERASED)


def counts_of(lists: Collection[MemberList], actor: Actor) -> dict[UUID, int]:
    """How many members each list has for this reader; one statement for the group's staff where
    nobody on it was merged, else one for each list."""
    entries = ListEntry.objects.filter(list__in=[one.pk for one in lists])
    is_plain = not entries.filter(member__merged_into__isnull=False).exists()
    if actor.scope.is_group and is_plain:
        counted = entries.order_by().values_list("list").annotate(Count("pk"))
        return {one.pk: 0 for one in lists} | dict(counted)
    return {one.pk: members_of(one, actor).count() for one in lists}


def entries_of(member_ids: Collection[UUID], actor: Actor) -> QuerySet[ListEntry]:
    """On which visible, open lists these records are."""
    lists = visible_lists(actor).filter(closed_at=None)
    rows = ListEntry.objects.filter(member__in=member_ids, list__in=lists.values("pk"))
    return rows.select_related("list", "list__owner").order_by("list__name", "list")


def shared_lists(*, with_former: bool = False) -> QuerySet[MemberList]:
    """Open lists that are shared with others, whoever asks, by name: what may be named where
    everybody reads it. ``with_former``: closed ones and those of one person, too."""
    rows = MemberList.objects.order_by("name", "id")
    return rows if with_former else rows.filter(is_shared=True, closed_at=None)


def records_on(list_id: UUID, member_ids: Collection[UUID]) -> set[UUID]:
    """Which of these records are on an open list; nobody is on a closed one. One statement."""
    entries = ListEntry.objects.filter(list=list_id, list__closed_at=None, member__in=member_ids)
    return set(entries.values_list("member_id", flat=True))
