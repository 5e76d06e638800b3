"""Members with another phone: one weeks ago, one just before the load, whose points rest now."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from uuid import UUID

from mallard.demo.calendar import LAST_FULL_DAY, ZONE
from mallard.demo.people import card_number
from mallard.demo.staff import actor_as
from mallard.kernel import clock
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.provenance import Origin
from mallard.world.members.queries import MemberRef, find_by_identities
from mallard.world.phones.asking import SUBJECT
from mallard.world.phones.models import Document, PhoneChange, Proof
from mallard.world.phones.services import ChangeInput, decide_change, request_change
from mallard.world.tasks.models import Task

LONG_AGO, JUST_NOW = 1_479, 2_334
"""The households, both of East Shore."""
LONG_AGO_DAYS, LONG_AGO_TIME = 38, time(12, 20)
BEFORE_THE_LOAD = timedelta(hours=2)
SEEN_AFTER = timedelta(minutes=6)
PREFIX = "+8615498"
"""Assigned to no operator, as all phones of the demo; these end where no household's does."""


def plant(*, weeks: int, loaded_at: datetime) -> None:
    """Change both once: again changes nothing. ``loaded_at`` is when the load began."""
    if not PhoneChange.objects.exists():
        _plant(weeks=weeks, loaded_at=loaded_at)


@atomic_retrying
def _plant(*, weeks: int, loaded_at: datetime) -> None:
    day = LAST_FULL_DAY + timedelta(weeks=weeks) - timedelta(days=LONG_AGO_DAYS)
    moments = {
        LONG_AGO: datetime.combine(day, LONG_AGO_TIME, ZONE),
        JUST_NOW: loaded_at - BEFORE_THE_LOAD,
    }
    refs = {one: MemberRef("card", card_number(one)) for one in moments}
    found = find_by_identities(list(refs.values()))
    for household, at in moments.items():
        if refs[household] in found:  # a part of the year has fewer members
            _change(household, found[refs[household]].member_id, at)
    Task.objects.filter(subject_kind=SUBJECT).update(origin=Origin.GENERATED)


def phone_of(household: int) -> str:
    return f"{PREFIX}{household:06d}"


def _change(household: int, member_id: UUID, at: datetime) -> None:
    """A document is seen at the desk, and by a second person minutes later."""
    with clock.frozen(at):
        asked = request_change(
            ChangeInput(
                key=f"demo:phone:{household}",
                member_id=member_id,
                phone=phone_of(household),
                proof=Proof.DOCUMENT,
                document=Document.IDENTITY_CARD,
            ),
            actor=actor_as("service_agent"),
        )
    with clock.frozen(at + SEEN_AFTER):
        decide_change(asked.pk, is_approved=True, actor=actor_as("crm_manager"))
