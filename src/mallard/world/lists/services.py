"""Every write of lists."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.db import IntegrityError

from mallard.kernel.access.actor import Actor, ActorKind
from mallard.kernel.access.people import role_names
from mallard.kernel.audit.services import record
from mallard.kernel.clock import now
from mallard.kernel.database.bulk import insert_unnest
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.ids import uuid7
from mallard.world.lists.errors import (
    ChangeNotUndoable,
    ListClosed,
    ListFull,
    ListInvalid,
    ListNotFound,
    ListNotYours,
)
from mallard.world.lists.locks import lock_list
from mallard.world.lists.models import (
    ChangeKind,
    ChangeSource,
    ListChange,
    ListEntry,
    MemberList,
)
from mallard.world.lists.permissions import EDIT_LIST
from mallard.world.lists.queries import may_edit, may_fill, visible_list
from mallard.world.malls.queries import malls_in
from mallard.world.members.models import Member, MemberStatus
from mallard.world.members.queries import records_of, visible_members
from mallard.world.members.rules import contains_payment_card

MAX_ENTRIES = 100_000
_ONE_ACT = dt.timedelta(minutes=2)
_COLUMNS = [("id", "uuid"), ("list_id", "uuid"), ("member_id", "uuid"), ("added_at", "timestamptz")]


@atomic_retrying
def make_list(name: str, *, actor: Actor, **values: Any) -> MemberList:
    """Make a list of one's own. ``values``: notes, is_shared, shared_roles, shared_malls (ids),
    is_filled_by_all. Raises `ListInvalid`."""
    actor.require(EDIT_LIST)
    made = MemberList(id=uuid7(), owner_id=_staff_id(actor))
    _save(made, {"name": name, **values}, actor, is_new=True)
    record(actor, "lists.list_made", "member_list", made.pk, after=_told(made))
    return made


@atomic_retrying
def change_list(list_id: UUID, *, actor: Actor, **values: Any) -> MemberList:
    """Rename a list, or say anew with whom it is shared. Raises `ListNotFound`, `ListNotYours`,
    `ListInvalid`."""
    found = _locked_own(list_id, actor)
    before = _told(found)
    _save(found, values, actor, is_new=False)
    after = _told(found)
    if before != after:
        record(actor, "lists.list_changed", "member_list", found.pk, before=before, after=after)
    return found


def _staff_id(actor: Actor) -> UUID | None:
    return actor.id if actor.kind is ActorKind.STAFF else None


def _told(found: MemberList) -> dict[str, Any]:
    names = ("name", "notes", "is_shared", "shared_roles", "is_filled_by_all")
    malls = sorted(str(id_) for id_ in found.shared_malls.values_list("pk", flat=True))
    return {name: getattr(found, name) for name in names} | {"shared_malls": malls}


def _save(found: MemberList, values: dict[str, Any], actor: Actor, *, is_new: bool) -> None:
    malls = values.pop("shared_malls", None)
    for name, value in values.items():
        setattr(found, name, value)
    found.name = " ".join(found.name.split())[:80]
    if not found.is_shared:
        found.is_filled_by_all, found.shared_roles, malls = False, [], []
    _check(found, malls or [], actor)
    others = MemberList.objects.filter(owner=found.owner_id, name=found.name, closed_at=None)
    if others.exclude(pk=found.pk).exists():
        raise ListInvalid(fields={"name": ListInvalid.name_taken})
    try:
        found.save(force_insert=is_new)
    except IntegrityError as error:
        raise ListInvalid(fields={"name": ListInvalid.name_taken}) from error
    if malls is not None:
        found.shared_malls.set(malls)


def _check(found: MemberList, malls: Collection[UUID], actor: Actor) -> None:
    wrong: dict[str, Any] = {}
    if not found.name:
        wrong["name"] = ListInvalid.name_needed
    for field in ("name", "notes"):
        if contains_payment_card(getattr(found, field)):
            wrong[field] = ListInvalid.payment_card
    if set(found.shared_roles) - role_names().keys():
        wrong["shared_roles"] = ListInvalid.unknown_role
    if malls and malls_in(actor.scope).filter(pk__in=malls).count() < len(set(malls)):
        wrong["shared_malls"] = ListInvalid.unknown_mall
    if wrong:
        raise ListInvalid(fields=wrong)


def _locked_own(list_id: UUID, actor: Actor) -> MemberList:
    visible_list(actor, list_id)
    found = lock_list(list_id)
    if found is None:
        raise ListNotFound()
    if not may_edit(found, actor):
        raise ListNotYours()
    return found


@atomic_retrying
def close_list(list_id: UUID, *, actor: Actor) -> None:
    """Take a list out of use. Again changes nothing. Raises `ListNotFound`, `ListNotYours`."""
    found = _locked_own(list_id, actor)
    if found.closed_at is None:
        found.closed_at = now()
        found.save(update_fields=["closed_at"])
        record(actor, "lists.list_closed", "member_list", found.pk)


@atomic_retrying
def reopen_list(list_id: UUID, *, actor: Actor) -> None:
    """Use a closed list again. Raises `ListInvalid` when its name is taken by now."""
    found = _locked_own(list_id, actor)
    if found.closed_at is None:
        return
    found.closed_at = None
    _save(found, {}, actor, is_new=False)
    record(actor, "lists.list_reopened", "member_list", found.pk)


# --- who is on it


@atomic_retrying
def add_members(
    list_id: UUID, member_ids: Collection[UUID], *, source: str, actor: Actor
) -> list[UUID]:
    """Put members on a list; the ids of those who were not on it yet. Whoever the actor may not
    know of, or was erased, is passed over; a merged member is put on as their survivor.

    Raises `ListNotFound`, `ListNotYours`, `ListClosed`, `ListFull`.
    """
    found = _locked_fillable(list_id, actor)
    ids = _survivors(member_ids, actor)
    if not ids:
        return []
    there = records_of(ids)
    known = set(
        ListEntry.objects.filter(
            list=found, member__in={record for them in there.values() for record in them}
        ).values_list("member_id", flat=True)
    )
    new = [id_ for id_ in ids if not known.intersection(there.get(id_, (id_,)))]
    if ListEntry.objects.filter(list=found).count() + len(new) > MAX_ENTRIES:
        raise ListFull(limit=MAX_ENTRIES)
    added = _insert(found, new)
    _remember(found, ChangeKind.ADDED, source, added, actor)
    return added


def _survivors(member_ids: Collection[UUID], actor: Actor) -> list[UUID]:
    """The visible members behind these ids, in order; erased ones are left out."""
    rows = visible_members(actor).filter(pk__in=member_ids).exclude(status=MemberStatus.ERASED)
    found: set[UUID] = set()
    while steps := dict(rows.values_list("pk", "merged_into")):
        found |= {id_ for id_, into in steps.items() if into is None}
        rows = Member.objects.filter(pk__in={into for into in steps.values() if into is not None})
    return sorted(found)


def _insert(found: MemberList, ids: Sequence[UUID]) -> list[UUID]:
    at = now()
    return [
        id_
        for (id_,) in insert_unnest(
            ListEntry._meta.db_table,
            _COLUMNS,
            [(uuid7(), found.pk, id_, at) for id_ in ids],
            on_conflict="ON CONFLICT (list_id, member_id) DO NOTHING",
            returning=["member_id"],
        )
    ]


@atomic_retrying
def remove_members(
    list_id: UUID, member_ids: Collection[UUID], *, source: str, actor: Actor
) -> list[UUID]:
    """Take members off a list, with every record merged into theirs; the ids of the members who
    were on it. Raises `ListNotFound`, `ListNotYours`, `ListClosed`."""
    found = _locked_fillable(list_id, actor)
    visible = visible_members(actor).filter(pk__in=member_ids).values_list("pk", flat=True)
    there = records_of(list(visible))
    owner_of = {record: id_ for id_, records in there.items() for record in records}
    rows = ListEntry.objects.filter(list=found, member__in=list(owner_of))
    gone = list(rows.values_list("member_id", flat=True))
    rows.delete()
    _remember(found, ChangeKind.REMOVED, source, gone, actor)
    return sorted({owner_of[id_] for id_ in gone})


def _locked_fillable(list_id: UUID, actor: Actor) -> MemberList:
    visible_list(actor, list_id)
    found = lock_list(list_id)
    if found is None:
        raise ListNotFound()
    if found.closed_at is not None:
        raise ListClosed()
    if not may_fill(found, actor):
        raise ListNotYours()
    return found


def _remember(
    found: MemberList, kind: str, source: str, ids: Sequence[UUID], actor: Actor
) -> ListChange | None:
    """Write the change down. A selection arrives in pieces: what follows within two minutes, from
    the same person in the same way, is one change."""
    if not ids:
        return None
    at, by = now(), _staff_id(actor)
    same = ListChange.objects.filter(
        list=found, kind=kind, source=source, changed_by=by, changed_at__gte=at - _ONE_ACT,
        undone_by=None,
    ).first()  # fmt: skip
    is_piece = source == ChangeSource.SELECTION and same is not None
    if same is not None and is_piece:
        same.member_ids = [*same.member_ids, *ids]
        same.save(update_fields=["member_ids"])
        change = same
    else:
        change = ListChange.objects.create(
            list=found, kind=kind, source=source, member_ids=list(ids), changed_at=at,
            changed_by_id=by, changed_by_label="" if by else actor.label[:200],
        )  # fmt: skip
    record(actor, f"lists.members_{kind}", "member_list", found.pk, ids=list(ids))
    return change


@atomic_retrying
def undo_change(change_id: UUID, *, list_id: UUID, actor: Actor) -> int:
    """Take a change back: who was put on leaves, who was taken off returns, if they still exist;
    how many that were. Raises `ListNotFound`, `ListNotYours`, `ListClosed`, `ChangeNotUndoable`."""
    found = _locked_fillable(list_id, actor)
    change = ListChange.objects.filter(pk=change_id, list=found).first()
    if change is None:
        raise ListNotFound()
    if change.source == ChangeSource.UNDO or ListChange.objects.filter(undoes=change).exists():
        raise ChangeNotUndoable()
    if change.kind == ChangeKind.ADDED:
        kind = ChangeKind.REMOVED
        rows = ListEntry.objects.filter(list=found, member__in=change.member_ids)
        moved = list(rows.values_list("member_id", flat=True))
        rows.delete()
    else:
        kind = ChangeKind.ADDED
        alive = Member.objects.filter(pk__in=change.member_ids).exclude(status=MemberStatus.ERASED)
        moved = _insert(found, list(alive.values_list("pk", flat=True)))
    by = _staff_id(actor)
    ListChange.objects.create(
        list=found, kind=kind, source=ChangeSource.UNDO, member_ids=moved, undoes=change,
        changed_by_id=by, changed_by_label="" if by else actor.label[:200],
    )  # fmt: skip
    record(actor, "lists.change_undone", "list_change", change.pk, ids=moved)
    return len(moved)


@atomic_retrying
def drop_erased(member_ids: Collection[UUID]) -> None:
    """Take erased members off every list, and out of what was changed."""
    ids = list(member_ids)
    ListEntry.objects.filter(member__in=ids).delete()
    gone = set(ids)
    for change in ListChange.objects.select_for_update().filter(member_ids__overlap=ids):
        change.member_ids = [id_ for id_ in change.member_ids if id_ not in gone]
        change.save(update_fields=["member_ids"])
