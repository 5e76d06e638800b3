"""Why the measurement of data quality is in no copy of a member's data."""

from __future__ import annotations

from mallard.world.members.copies import leave_out


def register() -> None:
    leave_out("quality.MemberQuality", because="which fields are empty or old is seen in the facts")
