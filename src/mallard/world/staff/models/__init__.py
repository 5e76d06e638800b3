"""Who works here, in which roles, on which stores; how they prove it; how machines come in."""

from mallard.world.staff.models.keys import ApiKey
from mallard.world.staff.models.leaving import Leaving
from mallard.world.staff.models.links import Invitation, InvitedRole, ResetLink
from mallard.world.staff.models.people import (
    CustomRole,
    Language,
    RoleAssignment,
    ScopeColumns,
    StaffUser,
    Theme,
)
from mallard.world.staff.models.proofs import (
    RecoveryCode,
    SecondFactor,
    StaffSession,
)

__all__ = [
    "ApiKey",
    "CustomRole",
    "Invitation",
    "InvitedRole",
    "Language",
    "Leaving",
    "RecoveryCode",
    "ResetLink",
    "RoleAssignment",
    "ScopeColumns",
    "SecondFactor",
    "StaffSession",
    "StaffUser",
    "Theme",
]
