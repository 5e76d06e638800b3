"""Rows of the member page that a use case holds while it decides."""

from __future__ import annotations

from uuid import UUID

from mallard.world.members.models import Member
from mallard.world.memberweb.models import CardCodeUse, MemberSession, SignInCode, SignInLink


def lock_code(code_id: UUID) -> SignInCode | None:
    """A code, locked, so that it is sent once and used once."""
    return SignInCode.objects.select_for_update(of=("self",)).filter(pk=code_id).first()


def lock_member(member_id: UUID) -> Member:
    """The member, locked, so that two desks make one link after the other."""
    return Member.objects.select_for_update(of=("self",), no_key=True).get(pk=member_id)


def lock_link(token_hash: bytes) -> SignInLink | None:
    """The link with this hash, locked, so that two taps do not both use it."""
    return SignInLink.objects.select_for_update(of=("self",)).filter(token_hash=token_hash).first()


def lock_session(session_id: UUID) -> MemberSession | None:
    """A session, locked, so that it has one phone that makes codes."""
    return MemberSession.objects.select_for_update(of=("self",)).filter(pk=session_id).first()


def lock_code_use(use_id: UUID) -> CardCodeUse | None:
    """A code that was taken, locked, so that it pays once."""
    return CardCodeUse.objects.select_for_update(of=("self",)).filter(pk=use_id).first()
