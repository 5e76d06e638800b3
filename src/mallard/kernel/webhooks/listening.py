"""The outbox's consumer that turns events into deliveries."""

from __future__ import annotations

from mallard.kernel.outbox.events import Envelope, consumer
from mallard.kernel.webhooks import queries, services
from mallard.kernel.webhooks.jobs import queue

NAME = "webhooks.take"


def register() -> None:
    """Listen to every declared event, from the newest on: call it when all are declared."""
    consumer(name=NAME, events=queries.offered_events(), batch_size=1_000, from_start=False)(take)


def take(envelopes: list[Envelope]) -> None:
    """Write the deliveries and let the worker send them."""
    for subscription_id in services.take_events(envelopes):
        queue(subscription_id)
