"""The task that a proposal opens."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mallard.world.corrections.models import Correction
from mallard.world.tasks.kinds import CORRECTION, Message, register_kind

PROPOSED = "proposed"


def _address(task_id: UUID) -> str:
    found = Correction.objects.filter(task=task_id).values_list("pk", flat=True).first()
    return reverse("corrections:detail", args=[found]) if found else ""


def register() -> None:
    """The usual kind, with the message of a proposal; it is finished by deciding."""
    register_kind(
        replace(
            CORRECTION,
            messages={PROPOSED: Message(_("Correct %(field)s?"))},
            place_of_work=_address,
        )
    )
