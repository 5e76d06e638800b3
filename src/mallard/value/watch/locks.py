"""Locks of the watch. Members are locked before alerts, by the wallets' services."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import connection

from mallard.value.watch.models import UNDECIDED, Alert, Exemption, PatternTerms

_RUNS = "watch_run"


def lock_alert(alert_id: UUID) -> Alert | None:
    """The alert, locked until the transaction ends."""
    return Alert.objects.select_for_update(of=("self",)).filter(pk=alert_id).first()


def lock_undecided(keys: Collection[str]) -> dict[str, Alert]:
    """The undecided alerts with these keys, in one order, locked until the transaction ends."""
    rows = Alert.objects.select_for_update(of=("self",)).filter(key__in=keys, status__in=UNDECIDED)
    return {row.key: row for row in rows.order_by("pk")}


def lock_exemption(exemption_id: UUID) -> Exemption | None:
    return Exemption.objects.select_for_update(of=("self",)).filter(pk=exemption_id).first()


def lock_terms(terms_id: UUID) -> PatternTerms | None:
    return PatternTerms.objects.select_for_update(of=("self",)).filter(pk=terms_id).first()


def wait_for_turn() -> None:
    """One run at a time keeps its findings; the lock ends with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [_RUNS])
