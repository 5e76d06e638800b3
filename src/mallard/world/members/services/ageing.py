"""Memberships that nobody uses end, and what is known of former members is forgotten, after the
periods that the group set (PIPL article 47: data go when their purpose is fulfilled)."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from mallard.kernel.access.actor import Actor
from mallard.kernel.clock import now
from mallard.kernel.database.transactions import each_that_may
from mallard.world.members.models import Member, MemberPresence, MemberStatus
from mallard.world.members.queries import records_of
from mallard.world.members.services.lifecycle import close_member, erase_member
from mallard.world.members.settings import CLOSED_DAYS, INACTIVE_DAYS

AT_ONCE = 500
"""A run takes so many; the next one goes on."""


def close_long_inactive(*, actor: Actor) -> list[UUID]:
    """Close memberships without a visit for `INACTIVE_DAYS`, on whichever record; 0: none."""
    if not INACTIVE_DAYS.value:
        return []
    since = now() - dt.timedelta(days=INACTIVE_DAYS.value)
    lately = MemberPresence.objects.filter(member=OuterRef("pk"), last_at__gte=since)
    quiet = Member.objects.filter(
        ~Q(Exists(lately)), status=MemberStatus.OPEN, merged_into=None, joined_at__lt=since
    )
    ids = list(quiet.order_by("joined_at", "pk").values_list("pk", flat=True)[:AT_ONCE])
    records = records_of(ids)
    seen = set(
        MemberPresence.objects.filter(
            member__in={record for each in records.values() for record in each}, last_at__gte=since
        ).values_list("member", flat=True)
    )
    alone = [id_ for id_ in ids if seen.isdisjoint(records.get(id_, ()))]
    return each_that_may(alone, lambda id_: close_member(id_, actor=actor))


def erase_long_closed(*, actor: Actor) -> list[UUID]:
    """Erase who closed their membership `CLOSED_DAYS` ago, merged records with them; 0: nobody."""
    if not CLOSED_DAYS.value:
        return []
    since = now() - dt.timedelta(days=CLOSED_DAYS.value)
    former = Member.objects.filter(
        status=MemberStatus.CLOSED, merged_into=None, closed_at__lt=since
    ).order_by("closed_at", "pk")
    ids = list(former.values_list("pk", flat=True)[:AT_ONCE])
    return each_that_may(ids, lambda id_: erase_member(id_, actor=actor))
