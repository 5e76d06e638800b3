"""Which requests somebody may see, and what was written in them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from mallard.kernel.access.actor import Actor
from mallard.kernel.secrets.services import open_keys
from mallard.world.members.queries import visible_members
from mallard.world.privacy.errors import RequestNotFound
from mallard.world.privacy.models import PrivacyRequest
from mallard.world.tasks.sealing import open_text, open_words


def outcome_context(request_id: UUID) -> str:
    """What a sealed outcome is bound to."""
    return f"privacy.outcome:{request_id}"


def visible_requests(actor: Actor) -> QuerySet[PrivacyRequest]:
    """Requests of members whom ``actor`` may know of."""
    rows = PrivacyRequest.objects.select_related("member", "handled_by")
    if actor.scope.is_group:
        return rows
    return rows.filter(member__in=visible_members(actor).values("pk"))


def visible_request(actor: Actor, request_id: UUID) -> PrivacyRequest:
    """Raises `RequestNotFound`."""
    found = visible_requests(actor).select_related("task").filter(pk=request_id).first()
    if found is None:
        raise RequestNotFound()
    return found


@dataclass(frozen=True, slots=True)
class Words:
    """What the member asked and what was answered; empty when gone."""

    asked: str = ""
    outcome: str = ""


def words_of(rows: Collection[PrivacyRequest]) -> dict[UUID, Words]:
    """The words of requests read with their tasks, opened; one statement for the keys."""
    keys = open_keys({row.member_id for row in rows})
    found = {}
    for row in rows:
        key = keys.get(row.member_id)
        _title, asked = open_words(row.task.words_sealed, key, row.task_id)
        found[row.pk] = Words(asked, open_text(row.outcome_sealed, key, outcome_context(row.pk)))
    return found


def requests_of(member_ids: Collection[UUID], *, limit: int) -> list[PrivacyRequest]:
    """What these records of a member asked, newest first, with the tasks."""
    rows = PrivacyRequest.objects.select_related("task").filter(member__in=member_ids)
    return list(rows.order_by("-received_at", "-id")[:limit])
