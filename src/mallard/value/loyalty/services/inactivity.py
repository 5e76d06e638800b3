"""Points that end so long after the last purchase that earns: each such purchase renews them all.

Lots stay the truth: their ends are moved when a purchase, a late one or a return changes what the
last one is. What is decided here depends on the facts alone, not on the order in which they came.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from uuid import UUID
from zoneinfo import ZoneInfo

from mallard.kernel import clock
from mallard.kernel.access.actor import Actor
from mallard.kernel.clock import business_day_start
from mallard.kernel.database.prepared import fetch_rows
from mallard.kernel.ids import uuid7
from mallard.value.ledger.services import Revival, end_lots_at, revive_lot
from mallard.value.ledger.services.renewing import LotLife, lives_of
from mallard.value.loyalty.expiry import Activity, ExpiryMode, lived_until, shortened_until
from mallard.value.loyalty.queries import ProgrammeFacts
from mallard.value.loyalty.rules import add_months
from mallard.value.loyalty.services.posting import Assessed
from mallard.value.loyalty.settings import EXPIRY_MODE
from mallard.world.members.queries import records_of

SOURCE = "lot"
REASON = "active"

# The latest revision of each receipt counts.
_ACTIVITIES = """
    SELECT a.member_id, r.occurred_at, a.business_day, m.time_zone, m.business_day_cutoff_hour
    FROM loyalty_assessment a
    JOIN sales_receipt r ON r.id = a.receipt_id
    JOIN malls_store s ON s.id = r.store_id
    JOIN malls_mall m ON m.id = s.mall_id
    WHERE a.member_id = ANY(%s::uuid[]) AND r.occurred_at >= %s
        AND a.tenant_points + a.mall_points > 0
        AND NOT EXISTS (
            SELECT FROM loyalty_assessment later
            WHERE later.receipt_id = a.receipt_id AND later.revision > a.revision
        )
"""


def renew_lives(assessed: Iterable[Assessed], facts: ProgrammeFacts, *, actor: Actor) -> None:
    """Move the ends of the lots of everybody whose purchases earn otherwise than before.

    Runs in the transaction that assessed them, under the members' locks, after their points were
    posted.
    """
    if EXPIRY_MODE.value != ExpiryMode.INACTIVITY:
        return
    changed: dict[UUID, list[Assessed]] = {}
    for a in assessed:
        if a.member_id is not None and _is_earning(a) != _was_earning(a):
            changed.setdefault(a.member_id, []).append(a)
    if not changed:
        return
    persons = records_of(changed.keys())
    by_person: dict[tuple[UUID, ...], list[Assessed]] = {}
    for member_id, those in changed.items():
        by_person.setdefault(persons[member_id], []).extend(those)
    everybody = {record for records in by_person for record in records}
    earned = [a for those in by_person.values() for a in those if _is_earning(a)]
    gone = [a for those in by_person.values() for a in those if not _is_earning(a)]
    since = _since(earned, gone, everybody)
    activities = _activities(everybody, since, facts)
    lots = lives_of(everybody, since=since)
    ends: dict[UUID, dt.datetime] = {}
    for records, those in by_person.items():
        theirs = [activity for record in records for activity in activities.get(record, ())]
        mine = [lot for lot in lots if lot.member_id in records]
        ends |= _ends(mine, theirs, those, facts)
    _apply(ends, {lot.id: lot for lot in lots}, actor=actor)


def _is_earning(a: Assessed) -> bool:
    return a.earning.points > 0


def _was_earning(a: Assessed) -> bool:
    return a.before is not None and a.before.points > 0


def _since(
    earned: Collection[Assessed], gone: Collection[Assessed], records: Collection[UUID]
) -> dt.datetime:
    """From when on purchases and lots matter: the earliest that is new; for one that came back
    everything that is alive, because what it had renewed is worked out anew."""
    first = min((a.occurred_at for a in earned), default=clock.now())
    if not gone:
        return first
    living = lives_of(records, since=min(first, clock.now()))
    return min([first, *(lot.opened_at for lot in living)])


def _activities(
    records: Collection[UUID], since: dt.datetime, facts: ProgrammeFacts
) -> dict[UUID, list[Activity]]:
    found: dict[UUID, list[Activity]] = {}
    for member_id, at, day, zone, cutoff in fetch_rows(_ACTIVITIES, [list(records), since]):
        found.setdefault(member_id, []).append(_activity(at, day, ZoneInfo(zone), cutoff, facts))
    return found


def _activity(
    at: dt.datetime, day: dt.date, zone: ZoneInfo, cutoff: int, facts: ProgrammeFacts
) -> Activity:
    last = add_months(day, facts.expiry_months)
    return Activity(at, business_day_start(last, zone, cutoff))


def _ends(
    lots: Collection[LotLife],
    activities: Collection[Activity],
    changed: Collection[Assessed],
    facts: ProgrammeFacts,
) -> dict[UUID, dt.datetime]:
    """The ends that differ from those that the lots have."""
    gone = [
        _activity(a.occurred_at, a.business_day, a.store.zone, a.store.cutoff_hour, facts)
        for a in changed
        if not _is_earning(a)
    ]
    first = min((a.occurred_at for a in changed if _is_earning(a)), default=None)
    ends = {}
    for lot in lots:
        end = lot.expires_at
        if gone:
            end = shortened_until(lot.opened_for, end, activities, gone, at=clock.now())
        if first is not None:
            end = lived_until(end, (one for one in activities if one.at >= first))
        if end != lot.expires_at:
            ends[lot.id] = end
    return ends


def _apply(ends: Mapping[UUID, dt.datetime], lots: Mapping[UUID, LotLife], *, actor: Actor) -> None:
    """Lots that expired before a late purchase was known come back, if they still live by it."""
    at = clock.now()
    end_lots_at({id_: end for id_, end in ends.items() if lots[id_].remaining > 0})
    for id_, end in ends.items():
        if lots[id_].remaining > 0 or end <= at:
            continue
        revive_lot(
            Revival(
                key=f"{REASON}:{id_}:{int(end.timestamp())}",
                lot_id=id_,
                expires_at=end,
                source_kind=SOURCE,
                source_id=id_,
                reason=REASON,
                recorded_at=at,
                group_id=uuid7(),
            ),
            actor=actor,
        )
