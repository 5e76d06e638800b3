"""What a migration keeps of members has become points and tiers, which are in other parts."""

from __future__ import annotations

from mallard.world.members.copies import leave_out


def register() -> None:
    leave_out("migration.MigrationRow", because="how a row of a file became lots and tiers")
