"""Reading webhooks."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, Q, QuerySet

from mallard.kernel import clock
from mallard.kernel.outbox.events import Event, declared_events
from mallard.kernel.webhooks.errors import NoSuchWebhook
from mallard.kernel.webhooks.models import Delivery, DeliveryStatus, Subscription


def offered_events() -> list[type[Event]]:
    """The events that may be subscribed to: all that are declared."""
    return declared_events()


def subscriptions() -> QuerySet[Subscription]:
    """Every subscription, with how many deliveries wait and were given up."""
    return Subscription.objects.annotate(
        waiting=Count("deliveries", filter=Q(deliveries__status=DeliveryStatus.WAITING)),
        failed=Count("deliveries", filter=Q(deliveries__status=DeliveryStatus.FAILED)),
    )


def subscription(subscription_id: UUID) -> Subscription:
    """One subscription. Raises `NoSuchWebhook`."""
    found = subscriptions().filter(pk=subscription_id).first()
    if found is None:
        raise NoSuchWebhook()
    return found


def delivery(subscription_id: UUID, delivery_id: UUID) -> Delivery:
    """One delivery of a subscription. Raises `NoSuchWebhook`."""
    found = Delivery.objects.filter(subscription_id=subscription_id, pk=delivery_id).first()
    if found is None:
        raise NoSuchWebhook()
    return found


def due(subscription_id: UUID, *, limit: int) -> list[Delivery]:
    """What is to be sent to a subscription that is not stopped, oldest first."""
    return list(
        Delivery.objects.filter(
            subscription_id=subscription_id,
            subscription__stopped_at=None,
            status=DeliveryStatus.WAITING,
            next_try_at__lte=clock.now(),
        )
        .select_related("subscription")
        .order_by("next_try_at", "id")[:limit]
    )


def subscriptions_with_due() -> list[UUID]:
    """Subscriptions to which something is to be sent now."""
    return list(
        Delivery.objects.filter(
            subscription__stopped_at=None,
            status=DeliveryStatus.WAITING,
            next_try_at__lte=clock.now(),
        )
        .order_by()
        .values_list("subscription_id", flat=True)
        .distinct()
    )
