"""Locks of requests; members are locked after them, by the services that change members."""

from __future__ import annotations

from uuid import UUID

from mallard.world.privacy.models import PrivacyRequest


def lock_request(request_id: UUID) -> PrivacyRequest | None:
    """The request, locked until the transaction ends."""
    return PrivacyRequest.objects.select_for_update(of=("self",)).filter(pk=request_id).first()
