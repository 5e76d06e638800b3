"""Members, funders and postings for tests."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from mallard.kernel.access.actor import system
from mallard.kernel.clock import now
from mallard.kernel.database.testing import wait_for_older_transactions
from mallard.kernel.ids import uuid7
from mallard.kernel.provenance import Origin
from mallard.value.ledger import services
from mallard.value.ledger.models import FunderKind
from mallard.value.ledger.rollups import roll_up_funder_days
from mallard.world.members.models import Member

ACTOR = system("tests")
YEAR = dt.timedelta(days=365)


def roll_up_all() -> None:
    """Roll up every committed transfer."""
    wait_for_older_transactions()
    roll_up_funder_days()


def members(count: int) -> list[UUID]:
    """Ids of new members."""
    made = [
        Member(number=f"T{uuid7().hex[-14:]}", joined_at=now(), origin=Origin.GENERATED)
        for _ in range(count)
    ]
    Member.objects.bulk_create(made)
    return [member.id for member in made]


def funder() -> UUID:
    return services.open_funder(FunderKind.MALL, uuid7())


def counter() -> UUID:
    """An account that redeemed points go to."""
    return services.open_redemption(FunderKind.MALL, uuid7())


def accrual(
    member_id: UUID, funder_id: UUID, points: int = 100, **changes: Any
) -> services.Accrual:
    at = changes.pop("at", None) or now()
    source_id = uuid7()
    values: dict[str, Any] = {
        "key": f"earn:{source_id}",
        "source_kind": "test",
        "source_id": source_id,
        "reason": "1 point for each 1.00",
        "occurred_at": at,
        "recorded_at": at,
        "matures_at": at,
        "expires_at": at + YEAR,
        "group_id": source_id,
    }
    return services.Accrual(
        member_id=member_id, funder_id=funder_id, points=points, **(values | changes)
    )


def reversal(of: services.Accrual, points: int | None = None, **changes: Any) -> services.Reversal:
    at = changes.pop("at", None) or now()
    group_id = uuid7()
    values: dict[str, Any] = {
        "key": f"reverse:{group_id}",
        "member_id": of.member_id,
        "funder_id": of.funder_id,
        "points": of.points if points is None else points,
        "source_kind": "test",
        "source_id": of.source_id,
        "reason": "goods returned",
        "occurred_at": at,
        "recorded_at": at,
        "group_id": group_id,
    }
    return services.Reversal(**(values | changes))


def redemption(
    member_id: UUID, counter_id: UUID, points: int = 100, **changes: Any
) -> services.Redemption:
    at = changes.pop("at", None) or now()
    group_id = uuid7()
    values: dict[str, Any] = {
        "key": f"spend:{group_id}",
        "source_kind": "order",
        "source_id": group_id,
        "reason": "a gift",
        "occurred_at": at,
        "recorded_at": at,
        "group_id": group_id,
    }
    return services.Redemption(
        member_id=member_id, redemption_account_id=counter_id, points=points, **(values | changes)
    )


def restoration(
    redemption_key: str, points: int | None = None, **changes: Any
) -> services.Restoration:
    at = changes.pop("at", None) or now()
    group_id = uuid7()
    values: dict[str, Any] = {
        "key": f"restore:{group_id}",
        "source_kind": "refund",
        "source_id": group_id,
        "reason": "order cancelled",
        "occurred_at": at,
        "recorded_at": at,
        "group_id": group_id,
    }
    return services.Restoration(redemption_key=redemption_key, points=points, **(values | changes))
