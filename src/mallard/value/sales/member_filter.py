"""The members list narrowed by what members bought, in the reader's own stores: the rows behind the
rates of `measures`, by the same rules."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from mallard.kernel import clock
from mallard.kernel.access.actor import Actor
from mallard.value.sales.measures import (
    ACTIVE_DAYS,
    NEW_DAYS,
    REPURCHASE_DAYS,
    SURVIVORS,
)
from mallard.value.sales.permissions import VIEW_RECEIPT
from mallard.world.malls.queries import store_ids_in
from mallard.world.members import panels
from mallard.world.members.models import Member

YEAR, LAPSED, QUARTER, AGAIN, EARLY = "year", "lapsed", "quarter", "again", "early"
CHOICES = (
    (YEAR, _("Within 365 days")),
    (LAPSED, _("Not within 365 days")),
    (QUARTER, _("Within 90 days")),
    (AGAIN, _("On two days or more of 90")),
    (EARLY, _("Within 30 days of joining")),
)

_DAYS = f"""
{SURVIVORS}
SELECT coalesce(v.into_id, d.member_id)
FROM sales_memberstoreday d LEFT JOIN survivor v ON v.id = d.member_id
WHERE d.net_minor > d.returned_minor
    AND d.business_day > %s::date - %s AND d.business_day <= %s::date
    AND (%s::uuid[] IS NULL OR d.store_id = ANY(%s::uuid[]))
GROUP BY 1 HAVING count(DISTINCT d.business_day) >= %s
"""  # noqa: S608 constant text
_EARLY = f"""
{SURVIVORS}
SELECT m.id
FROM members_member m LEFT JOIN malls_mall x ON x.id = m.enrolled_mall_id
    JOIN (
        SELECT coalesce(v.into_id, d.member_id) AS person, d.business_day
        FROM sales_memberstoreday d LEFT JOIN survivor v ON v.id = d.member_id
        WHERE d.net_minor > d.returned_minor
            AND (%s::uuid[] IS NULL OR d.store_id = ANY(%s::uuid[]))
    ) AS bought ON bought.person = m.id
WHERE bought.business_day BETWEEN
    (m.joined_at AT TIME ZONE coalesce(x.time_zone, 'UTC'))::date
    AND (m.joined_at AT TIME ZONE coalesce(x.time_zone, 'UTC'))::date + %s
"""  # noqa: S608 constant text


def bought(rows: QuerySet[Member], value: str, actor: Actor) -> QuerySet[Member]:
    """The members of ``rows`` who bought so, whichever of their records a receipt names."""
    allowed = store_ids_in(actor.scope)
    stores = None if allowed is None else list(allowed)
    today = clock.now().date()
    if value == EARLY:
        return rows.filter(pk__in=RawSQL(_EARLY, [stores, stores, NEW_DAYS]))  # noqa: S611
    if value == LAPSED:
        alone = rows.filter(merged_into=None)
        return alone.exclude(pk__in=_buyers(today, ACTIVE_DAYS, stores))
    days = ACTIVE_DAYS if value == YEAR else REPURCHASE_DAYS
    return rows.filter(pk__in=_buyers(today, days, stores, times=2 if value == AGAIN else 1))


def _buyers(today: dt.date, days: int, stores: list[UUID] | None, *, times: int = 1) -> Any:
    return RawSQL(_DAYS, [today, days, today, stores, stores, times])  # noqa: S611 constant text


def register() -> None:
    """Offer it on the members list."""
    panels.register_filter(
        panels.MemberFilterOffer(
            "bought", _("Bought"), VIEW_RECEIPT, choices=lambda _actor: CHOICES, apply=bought,
            order=40,
        )
    )  # fmt: skip
