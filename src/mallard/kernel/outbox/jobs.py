"""Deliveries in the worker: one job per consumer that has something waiting."""

from __future__ import annotations

from contextlib import suppress

from procrastinate.exceptions import AlreadyEnqueued

from mallard.kernel.jobs import job, periodic
from mallard.kernel.outbox import dispatcher


@periodic("* * * * * */2")
def dispatch_events() -> None:
    """Queue a delivery for every consumer that is behind and may be tried now."""
    for consumer in dispatcher.consumers_behind():
        _queue(consumer.name)


@job(queue="default", retries=0)
def deliver_events(consumer_name: str) -> None:
    """Deliver what waits for a consumer; a long backlog goes on in another job, so that one
    consumer does not keep the worker from the others."""
    if dispatcher.deliver_to(consumer_name).has_more:
        _queue(consumer_name)


def _queue(consumer_name: str) -> None:
    with suppress(AlreadyEnqueued):
        deliver_events.configure(queueing_lock=f"outbox:{consumer_name}").defer(
            consumer_name=consumer_name
        )
