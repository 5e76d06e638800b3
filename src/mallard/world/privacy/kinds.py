"""The task that a privacy request opens, and what each kind asks of the desk."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mallard.world.privacy.models import PrivacyRequest
from mallard.world.privacy.rules import MOST_DAYS
from mallard.world.tasks.kinds import Message, TaskKind, register_kind


def _address(task_id: UUID) -> str:
    found = PrivacyRequest.objects.filter(task=task_id).values_list("pk", flat=True).first()
    return reverse("privacy:request", args=[found]) if found else ""


PRIVACY = TaskKind(
    "privacy_request",
    _("Privacy request"),
    "shield-lock",
    MOST_DAYS * 24,
    "service_agent",
    {
        "export": Message(
            _("A member asks for a copy of their data"),
            _("Make sure that it is them, then hand the copy to them alone."),
        ),
        "correction": Message(
            _("A member asks to have their data corrected"),
            _("Compare what they wrote with their page, correct it, and tell them."),
        ),
        "erasure": Message(
            _("A member asks to be erased"),
            _("Make sure that it is them. Points are lost with the membership: tell them first."),
        ),
        "restriction": Message(
            _("A member asks that their data be used less"),
            _("Marketing and profiling stop; the membership goes on. Tell them what was done."),
        ),
        "objection": Message(
            _("A member objects to profiling"),
            _("Profiling stops; everything else stays as they allowed it."),
        ),
    },
    place_of_work=_address,
)


def register() -> None:
    """Make the kind of task known; it is finished by answering the request."""
    register_kind(PRIVACY)
