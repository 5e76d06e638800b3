"""What this app tells in a member's timeline: the membership, consents, tags, notes."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any
from uuid import UUID

from babel.lists import format_list
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from mallard.kernel.provenance import Origin
from mallard.kernel.secrets.services import open_keys
from mallard.kernel.ui.formats import reader_locale
from mallard.kernel.ui.parts import TimelineEntry
from mallard.world.members.models import (
    Consent,
    ConsentChannel,
    ConsentPurpose,
    Member,
    MembershipChange,
    Note,
    TagChange,
)
from mallard.world.members.models import (
    MembershipChangeKind as Kind,
)
from mallard.world.members.panels import MemberInView
from mallard.world.members.permissions import VIEW_MEMBER, VIEW_NAME
from mallard.world.members.services.remarks import note_context
from mallard.world.members.tagging import visible_tags
from mallard.world.members.timelines import (
    Happened,
    MemberTimeline,
    Window,
    happened,
    register_timeline,
)

_NO_ROW = UUID(int=0)
# One moment has at most this many entries: a yes and a no from each origin.
_AT_ONCE = 2 * len(Origin)
_ICONS = {
    Kind.MERGED: "users",
    Kind.UNMERGED: "arrow-back-up",
    Kind.CLOSED: "archive",
    Kind.REOPENED: "refresh",
    Kind.ERASED: "trash",
}


def register() -> None:
    """Called once, when the app is ready."""
    for source in (
        MemberTimeline("membership", _("Membership"), VIEW_MEMBER, _membership, order=10),
        MemberTimeline("consents", _("Consents"), VIEW_MEMBER, _consents, order=30),
        MemberTimeline("tags", _("Tags"), VIEW_MEMBER, _tags, order=60),
        MemberTimeline("notes", _("Notes"), VIEW_NAME, _notes, order=40),
    ):
        register_timeline(source)


def who(row: Any) -> str:
    """Who did what a row of ``changed_by`` and its label tells."""
    return row.changed_by.name if row.changed_by else row.changed_by_label


def _membership(view: MemberInView, window: Window) -> Iterable[Happened]:
    """Joining, by each record; merges from both sides; what was closed and opened again."""
    records = Member.objects.filter(pk__in=view.record_ids)
    for member in window.newest(records, at="joined_at", part="joined"):
        yield happened(
            member.pk,
            TimelineEntry(
                member.joined_at,
                _("Joined the programme"),
                detail="" if member.pk == view.member.pk else member.number,
                icon="user-plus",
                tone="accent",
                is_generated=member.origin == Origin.GENERATED,
            ),
            "joined",
        )
    about = Q(member__in=view.record_ids) | Q(survivor__in=view.record_ids)
    rows = MembershipChange.objects.filter(about).select_related("member", "survivor", "changed_by")
    for row in window.newest(rows, at="changed_at"):
        yield happened(
            row.pk,
            TimelineEntry(row.changed_at, _changed(row), who(row), icon=_ICONS[Kind(row.kind)]),
        )


def _changed(row: MembershipChange) -> str:
    numbers = {
        "number": row.member.number,
        "survivor": row.survivor.number if row.survivor else "",
    }
    sentences = {
        Kind.MERGED: gettext("Record %(number)s was merged into %(survivor)s"),
        Kind.UNMERGED: gettext("The merge of %(number)s into %(survivor)s was undone"),
        Kind.CLOSED: gettext("Membership %(number)s was closed"),
        Kind.REOPENED: gettext("Membership %(number)s was opened again"),
        Kind.ERASED: gettext("The personal data of %(number)s was erased"),
    }
    return sentences[Kind(row.kind)] % numbers


def _consents(view: MemberInView, window: Window) -> Iterable[Happened]:
    """Who fills in a form answers many questions at one moment: one entry for all yes, one for
    no."""
    rows = Consent.objects.filter(member__in=view.record_ids)
    if window.before is not None:
        rows = rows.filter(occurred_at__lte=window.before.at)
    answers = (
        rows.values("occurred_at", "is_granted", "origin")
        .annotate(said=ArrayAgg(Concat("purpose", Value(":"), "channel"), distinct=True))
        .order_by("-occurred_at")[: window.limit + _AT_ONCE]
    )
    for answer in answers:
        is_granted, origin = answer["is_granted"], answer["origin"]
        title = _("Allowed: %(purpose)s") if is_granted else _("Refused: %(purpose)s")
        entry = TimelineEntry(
            answer["occurred_at"],
            str(title) % {"purpose": _purposes(answer["said"])},
            icon="shield-check" if is_granted else "shield",
            is_generated=origin == Origin.GENERATED,
        )
        yield happened(_NO_ROW, entry, f"{int(is_granted)}{origin}")


def _purposes(said: Iterable[str]) -> str:
    """Each purpose with the channels it was answered for, as one list."""
    pairs = sorted(one.split(":") for one in said)
    listed = []
    for purpose, answered in groupby(pairs, key=lambda pair: pair[0]):
        channels = [
            str(ConsentChannel(channel).label)
            for _purpose, channel in answered
            if channel != ConsentChannel.ANY
        ]
        detail = f" ({', '.join(channels)})" if channels else ""
        listed.append(f"{ConsentPurpose(purpose).label}{detail}")
    return format_list(listed, locale=reader_locale())


def _tags(view: MemberInView, window: Window) -> Iterable[Happened]:
    """Tags put on and taken off, as far as the reader may know of the tag."""
    changes = TagChange.objects.filter(
        member__in=view.record_ids, tag__in=visible_tags(view.actor).values("pk")
    ).select_related("tag", "changed_by")
    for change in window.newest(changes, at="changed_at"):
        title = _("Tagged: %(tag)s") if change.is_on else _("Tag taken off: %(tag)s")
        entry = TimelineEntry(
            change.changed_at,
            str(title) % {"tag": change.tag.name},
            detail=who(change),
            icon="tag",
            is_generated=change.origin == Origin.GENERATED,
        )
        yield happened(change.pk, entry)


def _notes(view: MemberInView, window: Window) -> Iterable[Happened]:
    """Notes in full, as on the page: for who sees names."""
    rows = Note.objects.filter(member__in=view.record_ids).select_related("author")
    notes = window.newest(rows, at="written_at")
    keys = open_keys({note.member_id for note in notes})
    for note in notes:
        if key := keys.get(note.member_id):
            body = key.open(bytes(note.body_sealed), note_context(note.id)).decode()
            title = (
                gettext("Note by %(author)s") % {"author": note.author.name}
                if note.author
                else pgettext("timeline", "Note")
            )
            yield happened(
                note.pk,
                TimelineEntry(
                    note.written_at,
                    title,
                    detail=body,
                    icon="note",
                    url=reverse("members:detail", args=[view.member.pk]) + "#notes",
                    is_generated=note.origin == Origin.GENERATED,
                ),
            )
