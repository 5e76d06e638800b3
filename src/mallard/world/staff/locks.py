"""Rows of staff that a use case holds while it decides."""

from __future__ import annotations

from uuid import UUID

from mallard.world.staff.models import (
    ApiKey,
    Invitation,
    Leaving,
    ResetLink,
    RoleAssignment,
    SecondFactor,
    StaffUser,
)
from mallard.world.staff.roles import ADMINISTRATOR


def lock_reset_link(token_hash: bytes) -> ResetLink | None:
    """The reset link with this hash, locked, so that two clicks do not both use it."""
    return (
        ResetLink.objects.filter(token_hash=token_hash)
        .select_for_update(of=("self",))
        .select_related("user")
        .first()
    )


def lock_administrators() -> list[RoleAssignment]:
    """Who holds everything everywhere, locked in one order: of two administrators that shut each
    other out at once, one comes second and finds itself the last."""
    return list(
        RoleAssignment.objects.filter(role=ADMINISTRATOR, is_group=True, withdrawn_at=None)
        .order_by("id")
        .select_for_update()
    )


def lock_assignment(assignment_id: UUID) -> RoleAssignment | None:
    """An assignment, locked, so that it is withdrawn once."""
    return RoleAssignment.objects.filter(pk=assignment_id).select_for_update().first()


def lock_invitation(invitation_id: UUID) -> Invitation | None:
    """An invitation, locked while somebody decides about it."""
    return Invitation.objects.filter(pk=invitation_id).select_for_update(of=("self",)).first()


def lock_invitation_of_link(token_hash: bytes) -> Invitation | None:
    """The invitation with this link, locked, so that two clicks do not both use it."""
    return Invitation.objects.filter(token_hash=token_hash).select_for_update(of=("self",)).first()


def lock_second_factor(user_id: UUID) -> SecondFactor | None:
    """Somebody's codes, locked, so that one code typed twice at once opens once."""
    return SecondFactor.objects.filter(pk=user_id).select_for_update().first()


def lock_api_key(key_id: UUID) -> ApiKey | None:
    """A key, locked, so that it is renewed or revoked once."""
    return ApiKey.objects.filter(pk=key_id).select_for_update(of=("self",)).first()


def lock_staff(user_id: UUID) -> StaffUser | None:
    """An account, locked while somebody decides whether it stays open."""
    return StaffUser.objects.filter(pk=user_id).select_for_update(of=("self",)).first()


def lock_leaving(*, user_id: UUID) -> Leaving | None:
    """The planned leaving of somebody, locked, so that it is carried out once."""
    rows = Leaving.objects.filter(user=user_id, done_at=None, cancelled_at=None)
    return rows.select_for_update(of=("self",)).select_related("user").first()
