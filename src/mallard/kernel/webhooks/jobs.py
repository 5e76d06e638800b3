"""Sending in the background: one job per receiver at a time, so that a slow one hinders none."""

from __future__ import annotations

import time
from contextlib import suppress
from uuid import UUID

from django.db import transaction
from procrastinate.exceptions import AlreadyEnqueued

from mallard.kernel import clock
from mallard.kernel.access.actor import system
from mallard.kernel.jobs import job, periodic
from mallard.kernel.webhooks import queries, rules, sending, services
from mallard.kernel.webhooks.models import Delivery

ACTOR = system("webhooks")
TURN_DELIVERIES = 200
TURN_SECONDS = 20.0
"""A receiver that is slow gives the worker back after this time; the rest goes in another job."""


@job(retries=0)
def send_deliveries(subscription_id: str) -> None:
    """Send what is due to one receiver."""
    identifier, until = UUID(subscription_id), time.monotonic() + TURN_SECONDS
    for delivery in queries.due(identifier, limit=TURN_DELIVERIES):
        send(delivery)
        if time.monotonic() > until:
            break
    else:
        if not queries.due(identifier, limit=1):
            return
    queue(identifier)


def send(delivery: Delivery) -> None:
    """Send one delivery and keep how that went."""
    body = delivery.body.encode()
    timestamp = int(clock.now().timestamp())
    signatures = [
        rules.signature(secret, webhook_id=str(delivery.pk), timestamp=timestamp, body=body)
        for secret in services.signing_secrets(delivery.subscription)
    ]
    answer = sending.post(
        delivery.subscription.url,
        body,
        {
            "Content-Type": "application/json",
            "User-Agent": "Mallard-Webhooks/1",
            "webhook-id": str(delivery.pk),
            "webhook-timestamp": str(timestamp),
            "webhook-signature": " ".join(signatures),
        },
    )
    services.note_answer(delivery, answer, actor=ACTOR)


def queue(subscription_id: UUID) -> None:
    """Let the worker send to a receiver; at most one job of it waits and one runs."""
    name = f"webhook:{subscription_id}"
    with suppress(AlreadyEnqueued), transaction.atomic():
        send_deliveries.configure(queueing_lock=name, lock=name).defer(
            subscription_id=str(subscription_id)
        )


@periodic("* * * * * */15")
def send_due_deliveries() -> None:
    """Send what is to be tried again, and what a killed worker left behind."""
    for subscription_id in queries.subscriptions_with_due():
        queue(subscription_id)
