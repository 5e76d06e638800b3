"""What members asked of their data in the last weeks: one request of most kinds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from mallard.demo.calendar import LAST_FULL_DAY, ZONE
from mallard.demo.people import card_number
from mallard.kernel.access.actor import Actor
from mallard.kernel.database.transactions import atomic_retrying
from mallard.world.members.queries import MemberRef, find_by_identities
from mallard.world.privacy.models import PrivacyRequest, RequestKind
from mallard.world.privacy.services import answer, ask


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: of the household with this card, so many days before the year's last; answered
    where ``outcome`` is given."""

    household: int
    days_before: int
    kind: str
    words: str = ""
    outcome: str = ""


ASKED = (
    Asked(7, 26, RequestKind.EXPORT),
    Asked(718, 6, RequestKind.CORRECTION, "生日填错了，应该是三月"),
    Asked(1_240, 3, RequestKind.RESTRICTION, "I dispute two purchases: do not use them for now."),
    Asked(2_070, 12, RequestKind.OBJECTION, outcome="Profiling stopped, told at the desk."),
)


@atomic_retrying
def plant(*, weeks: int, actor: Actor) -> None:
    """Record all of them once: again changes nothing."""
    if PrivacyRequest.objects.exists():
        return
    refs = {one: MemberRef("card", card_number(one.household)) for one in ASKED}
    members = find_by_identities(list(refs.values()))
    last = datetime.combine(LAST_FULL_DAY + timedelta(weeks=weeks), time(15), ZONE)
    for one, ref in refs.items():
        if ref not in members:  # a part of the year has fewer members
            continue
        at = last - timedelta(days=one.days_before)
        row, _is_new = ask(members[ref].member_id, one.kind, words=one.words, at=at, actor=actor)
        if one.outcome:
            answer(row.pk, outcome=one.outcome, actor=actor)
