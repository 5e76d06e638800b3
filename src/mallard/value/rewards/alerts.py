"""What an alert about points or rewards says."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from mallard.world.tasks.kinds import ALERT, Message, kind_of, register_kind

_MESSAGES = {
    "burn": Message(
        _("Only %(burn)s of the points issued in 12 months were redeemed"),
        _(
            "The alert stands at %(limit)s. Points that nobody spends mean little to members and"
            " pile up as a liability: look at prices and choice of rewards."
        ),
    ),
    "liability": Message(
        _("The points liability is %(owed)s"),
        _("The alert stands at %(limit)s. See Points liability for whose points they are."),
    ),
    "reward": Message(
        _("%(reward)s is worth %(ratio)s of what its points cost"),
        _("Raise its price in points, or ask more money on top, or accept it as a promotion."),
    ),
}


def register() -> None:
    """Let alerts speak of points and rewards."""
    present = kind_of(ALERT.code) or ALERT
    register_kind(replace(present, messages={**present.messages, **_MESSAGES}))
