"""How a member stands to others, on their page: who brought whom, and what apps above know.

A family is a right to spend and lives with the wallets; they register a source here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mallard.kernel.ui.parts import TimelineEntry
from mallard.world.members import panels
from mallard.world.members.models import Member, Relation, RelationKind
from mallard.world.members.permissions import CHANGE_MEMBER, VIEW_MEMBER
from mallard.world.members.queries import visible_members
from mallard.world.members.referrals import may_still_say, referrals_of, referrer_of
from mallard.world.members.timelines import (
    Happened,
    MemberTimeline,
    Window,
    happened,
    register_timeline,
)

FRIENDS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Told:
    """One relation: the other member, what they are to this one, since when, and a word more."""

    other: Member
    label: str | Promise
    since: dt.datetime
    note: str | Promise = ""


class RelationsOf(Protocol):
    """What an app above knows of a member's relations; the reader's scope is looked at here."""

    def __call__(self, view: panels.MemberInView) -> Iterable[Told]: ...


_sources: dict[str, tuple[str, RelationsOf]] = {}


def register_source(key: str, permission: str, load: RelationsOf) -> None:
    """Show these relations on members' pages to who holds ``permission``; again replaces."""
    _sources[key] = (permission, load)


def register() -> None:
    """Called once, when the app is ready."""
    panels.register_panel(
        panels.MemberPanel(
            "relations", _("Relations"), "members/relations.html", VIEW_MEMBER, load=_panel,
            order=50, place="side",
        )
    )  # fmt: skip
    register_timeline(MemberTimeline("relations", _("Relations"), VIEW_MEMBER, load=_timeline))


def _panel(view: panels.MemberInView) -> Mapping[str, Any] | None:
    by, friends = referrer_of(view.member.pk), referrals_of(view.member.pk)
    told = [Told(row.to_member, _("Brought this friend"), row.since) for row in friends]
    if by is not None:
        told.insert(0, Told(by.from_member, _("Was brought by"), by.since))
    for permission, load in _sources.values():
        if view.actor.may(permission):
            told += load(view)
    visible = _visible(view, {one.other.pk for one in told})
    may = view.actor.may(CHANGE_MEMBER) and view.member.is_open
    may_name = may and by is None and view.member.merged_into_id is None
    may_name = may_name and may_still_say(view.member)
    if not told and not may_name:
        return None
    shown = [(one, one.other.pk in visible) for one in told]
    return {
        "member": view.member,
        "relations": shown[:FRIENDS_SHOWN],
        "more": max(len(shown) - FRIENDS_SHOWN, 0),
        "may_name": may_name,
        "may_end": may and by is not None,
    }


def _visible(view: panels.MemberInView, ids: set[UUID]) -> set[UUID]:
    if not ids:
        return set()
    rows = visible_members(view.actor).filter(pk__in=ids)
    return set(rows.values_list("pk", flat=True))


def _timeline(view: panels.MemberInView, window: Window) -> Iterable[Happened]:
    """Who brought them, whom they brought; names of members stay on their own pages."""
    rows = Relation.objects.filter(kind=RelationKind.REFERRAL)
    about = rows.filter(Q(to_member__in=view.record_ids) | Q(from_member__in=view.record_ids))
    for row in window.newest(about, at="since"):
        is_friend = row.to_member_id in view.record_ids
        title = _("Brought by a friend") if is_friend else _("Brought a friend")
        yield happened(row.pk, TimelineEntry(row.since, title, row.get_source_display(), "users"))
    for row in window.newest(about, at="ended_at", part="ended"):
        title = _("Not brought by a friend after all")
        if row.ended_at is not None:
            yield happened(row.pk, TimelineEntry(row.ended_at, title, "", "users"), "ended")
