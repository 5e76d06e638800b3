"""What a home's figures were read from, in one short text: the ETag of its living part."""

from __future__ import annotations

import datetime as dt
from hashlib import blake2b

from django.db.models import Count, Max, Sum
from django.utils import translation

from mallard.kernel import clock
from mallard.kernel.outbox.models import ConsumerCursor
from mallard.review.reports.homes import Standing
from mallard.review.reports.models import Reading
from mallard.value.sales.queries import store_days_in
from mallard.value.sales.rollups import CONSUMER

LATELY = dt.timedelta(days=2)


def reader_of(standing: Standing) -> tuple[str, ...]:
    """All of a reader that a home depends on: as whom, with which rights, where, in which words."""
    actor = standing.actor
    return (
        standing.role,
        " ".join(sorted(actor.permissions)),
        repr(actor.everything),
        repr(actor.scope),
        str(translation.get_language()),
    )


def version_of(standing: Standing) -> str:
    """Changes whenever a figure of this home may have: with what the stores sold these days (at
    once), with any fact however old (when its rollups followed), with new readings, and with the
    hour, the reader's rights and their language. Three small questions.
    """
    parts: list[object] = [*reader_of(standing), clock.now().strftime("%Y-%m-%d %H")]
    if standing.home.tells and standing.actor.may(standing.home.permission):
        since = clock.now().date() - LATELY
        days = store_days_in(standing.actor.scope).filter(business_day__gte=since)
        parts.append(
            tuple(
                days.aggregate(
                    rows=Count("store_id"),
                    receipts=Sum("receipts"),
                    returns=Sum("returns"),
                    net=Sum("net_minor"),
                    refunds=Sum("refund_minor"),
                ).values()
            )
        )
        cursor = ConsumerCursor.objects.filter(pk=CONSUMER).values_list(
            "after_transaction", "after_id"
        )
        parts.append(list(cursor))
        parts.append(Reading.objects.aggregate(latest=Max("taken_at"))["latest"])
    digest = blake2b(repr(parts).encode(), digest_size=12).hexdigest()
    return f'W/"{digest}"'
