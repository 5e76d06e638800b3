"""Why the fraud watch is in no copy of a member's data."""

from __future__ import annotations

from mallard.world.members.copies import leave_out


def register() -> None:
    leave_out(
        "watch.Alert",
        "watch.Exemption",
        because="an examination that is under way, which telling would defeat (GDPR art. 23);"
        " freezes and changes of points, which may follow from it, are told",
    )
