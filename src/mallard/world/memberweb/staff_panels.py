"""What the member page adds to staff's screens."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mallard.world.members.panels import MemberAction, MemberInView, register_action
from mallard.world.memberweb.permissions import MAKE_LINK


def register() -> None:
    """Offer the link on the 360° page."""
    register_action(
        MemberAction(
            "memberweb.link",
            _("Link for the member"),
            MAKE_LINK,
            _link,
            icon="qrcode",
            order=60,
            is_rare=True,
        )
    )


def _link(view: MemberInView) -> str | None:
    if not view.member.is_open or view.member.merged_into_id is not None:
        return None
    return reverse("memberweb_desk:link", args=[view.member.pk])
