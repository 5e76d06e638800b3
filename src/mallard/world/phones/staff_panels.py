"""Changes of phone on staff's screens: the menu, the button and the timeline of a member."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mallard.kernel.ui.navigation import Entry
from mallard.kernel.ui.navigation import register as add
from mallard.kernel.ui.parts import TimelineEntry
from mallard.world.members.panels import (
    MemberAction,
    MemberInView,
    register_action,
)
from mallard.world.members.timelines import (
    Happened,
    MemberTimeline,
    Window,
    happened,
    register_timeline,
)
from mallard.world.phones.models import PhoneChange, State
from mallard.world.phones.permissions import CHANGE_PHONE


def register() -> None:
    """Offer the pages."""
    add(
        Entry("members", _("Changes of phone"), "phones:changes", permission=CHANGE_PHONE, order=37)
    )
    register_action(
        MemberAction(
            "phone", _("Change phone"), CHANGE_PHONE, _url, icon="phone", order=55, is_rare=True
        )
    )
    register_timeline(
        MemberTimeline("phones", _("Changes of phone"), CHANGE_PHONE, _timeline, order=50)
    )


def _url(view: MemberInView) -> str | None:
    if not view.member.is_open or view.member.merged_into_id is not None:
        return None
    return reverse("phones:new", args=[view.member.pk])


def _timeline(view: MemberInView, window: Window) -> list[Happened]:
    rows = PhoneChange.objects.filter(member_id__in=view.record_ids, state=State.DONE)
    return [
        happened(
            row.pk,
            TimelineEntry(
                at=row.done_at,
                title=gettext("Phone changed"),
                detail=row.get_proof_display(),
                icon="phone",
                url=reverse("phones:change", args=[row.pk]),
                tone="warning",
            ),
        )
        for row in window.newest(rows, at="done_at")
        if row.done_at is not None
    ]
