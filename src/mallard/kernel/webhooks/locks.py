"""The subscriptions and deliveries that are locked while they change."""

from __future__ import annotations

from uuid import UUID

from mallard.kernel.webhooks.errors import NoSuchWebhook
from mallard.kernel.webhooks.models import Subscription


def lock_subscription(subscription_id: UUID) -> Subscription:
    """The subscription, locked until the end of the transaction. Raises `NoSuchWebhook`."""
    found = Subscription.objects.select_for_update().filter(pk=subscription_id).first()
    if found is None:
        raise NoSuchWebhook()
    return found
