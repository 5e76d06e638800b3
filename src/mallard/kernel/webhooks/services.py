"""Setting webhooks up, and what becomes of their deliveries."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

import orjson
from django.db.models import F

from mallard.kernel import clock
from mallard.kernel.access.actor import Actor
from mallard.kernel.audit import services as audit
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.environment import environment
from mallard.kernel.ids import uuid7
from mallard.kernel.outbox.events import Envelope
from mallard.kernel.outbox.services import announce
from mallard.kernel.secrets.services import create_data_keys, open_keys
from mallard.kernel.webhooks import rules
from mallard.kernel.webhooks.errors import (
    AddressInvalid,
    AddressNotSecure,
    EventsNeeded,
    NoSuchWebhook,
    WebhookIsStopped,
    WebhooksAreTheGroups,
)
from mallard.kernel.webhooks.events import WebhookStopped
from mallard.kernel.webhooks.locks import lock_subscription
from mallard.kernel.webhooks.models import Delivery, DeliveryStatus, Subscription
from mallard.kernel.webhooks.permissions import MANAGE_WEBHOOK
from mallard.kernel.webhooks.queries import offered_events
from mallard.kernel.webhooks.sending import Answer
from mallard.kernel.webhooks.settings import KEPT_DAYS, STOP_AFTER_DAYS

OLD_SECRET_HOURS = 24
GONE = 410


@dataclass(frozen=True, slots=True)
class WebhookInput:
    """What a person says about a webhook."""

    name: str
    url: str
    events: tuple[str, ...]


def require_manager(actor: Actor) -> None:
    """Raise unless the actor may look after webhooks, for the whole group."""
    actor.require(MANAGE_WEBHOOK)
    require_whole_group(actor)


def require_whole_group(actor: Actor) -> None:
    """Raise `WebhooksAreTheGroups` unless the actor works for the whole group."""
    if not actor.scope.is_group:
        raise WebhooksAreTheGroups()


def _checked(item: WebhookInput) -> WebhookInput:
    allowed = environment().webhooks_allow_private
    fault = rules.url_fault(item.url, is_private_allowed=allowed)
    if fault:
        error = AddressInvalid if fault == "form" else AddressNotSecure
        raise error(fields={"url": error.message})
    known = {event.name for event in offered_events()}
    if not item.events or not known.issuperset(item.events):
        raise EventsNeeded(fields={"events": EventsNeeded.message})
    return item


@atomic_retrying
def create_webhook(item: WebhookInput, *, actor: Actor) -> tuple[Subscription, str]:
    """A new subscription and its secret, which is shown this once.

    Raises `AddressInvalid`, `AddressNotSecure`, `EventsNeeded`.
    """
    require_manager(actor)
    _checked(item)
    identifier = uuid7()
    secret = secrets.token_bytes(rules.SECRET_BYTES)
    key = create_data_keys([identifier], actor=actor)[identifier]
    made = Subscription.objects.create(
        id=identifier,
        name=item.name,
        url=item.url,
        events=sorted(set(item.events)),
        secret=key.seal(secret, _secret_context(identifier)),
    )
    audit.record(actor, "webhooks.webhook_created", "webhook", identifier, after=_plain(made))
    return made, rules.shown_secret(secret)


@atomic_retrying
def change_webhook(subscription_id: UUID, item: WebhookInput, *, actor: Actor) -> None:
    """Another name, address or other events. Raises as `create_webhook`, and `NoSuchWebhook`."""
    require_manager(actor)
    _checked(item)
    found = lock_subscription(subscription_id)
    before = _plain(found)
    found.name, found.url, found.events = item.name, item.url, sorted(set(item.events))
    if _plain(found) == before:
        return
    found.save(update_fields=["name", "url", "events"])
    audit.record(
        actor, "webhooks.webhook_changed", "webhook", found.pk, before=before, after=_plain(found)
    )


@atomic_retrying
def rotate_secret(subscription_id: UUID, *, actor: Actor) -> str:
    """A new secret, shown this once; the old one signs beside it for a day."""
    require_manager(actor)
    found = lock_subscription(subscription_id)
    secret = secrets.token_bytes(rules.SECRET_BYTES)
    key = open_keys([found.pk])[found.pk]
    found.previous_secret = found.secret
    found.previous_until = clock.now() + dt.timedelta(hours=OLD_SECRET_HOURS)
    found.secret = key.seal(secret, _secret_context(found.pk))
    found.save(update_fields=["secret", "previous_secret", "previous_until"])
    audit.record(actor, "webhooks.secret_rotated", "webhook", found.pk)
    return rules.shown_secret(secret)


@atomic_retrying
def stop_webhook(subscription_id: UUID, *, actor: Actor, reason: str = "person") -> None:
    """Send nothing more; what waits stays and can be sent after a start."""
    require_manager(actor)
    found = lock_subscription(subscription_id)
    if found.stopped_at is not None:
        return
    found.stopped_at, found.stop_reason = clock.now(), reason
    found.save(update_fields=["stopped_at", "stop_reason"])
    audit.record(actor, "webhooks.webhook_stopped", "webhook", found.pk, after={"reason": reason})
    announce([WebhookStopped(subject_id=found.pk, reason=reason)], actor=actor)


@atomic_retrying
def start_webhook(subscription_id: UUID, *, actor: Actor) -> None:
    """Send again, what waits first."""
    require_manager(actor)
    found = lock_subscription(subscription_id)
    if found.stopped_at is None:
        return
    found.stopped_at, found.stop_reason, found.failing_since = None, "", None
    found.save(update_fields=["stopped_at", "stop_reason", "failing_since"])
    audit.record(actor, "webhooks.webhook_started", "webhook", found.pk)


@atomic_retrying
def replay(subscription_id: UUID, *, delivery_ids: Collection[UUID] | None, actor: Actor) -> int:
    """Send deliveries again under their own ids: these, or (None) all that were given up.

    Returns how many. Raises `NoSuchWebhook`, `WebhookIsStopped`.
    """
    require_manager(actor)
    found = lock_subscription(subscription_id)
    if found.stopped_at is not None:
        raise WebhookIsStopped()
    chosen = Delivery.objects.filter(subscription=found)
    if delivery_ids is None:
        chosen = chosen.filter(status=DeliveryStatus.FAILED)
    else:
        chosen = chosen.filter(pk__in=list(delivery_ids))
        if not chosen.exists():
            raise NoSuchWebhook()
    count = chosen.update(
        status=DeliveryStatus.WAITING, attempts=0, next_try_at=clock.now(), error=""
    )
    audit.record(actor, "webhooks.deliveries_replayed", "webhook", found.pk, after={"count": count})
    return count


# --- what the worker does ---------------------------------------------------------------------


def take_events(envelopes: Sequence[Envelope]) -> set[UUID]:
    """Write a delivery of each event for every subscription that wants it; which have some now.

    Events may come again: what was taken is left alone.
    """
    wanting: dict[str, list[UUID]] = {}
    for subscription in Subscription.objects.filter(stopped_at=None).only("id", "events"):
        for name in subscription.events:
            wanting.setdefault(name, []).append(subscription.pk)
    moment = clock.now()
    made = [
        Delivery(
            subscription_id=subscription_id,
            event_id=envelope.id,
            event_name=envelope.name,
            body=_body(envelope),
            next_try_at=moment,
            created_at=moment,
        )
        for envelope in envelopes
        for subscription_id in wanting.get(envelope.name, ())
    ]
    Delivery.objects.bulk_create(made, ignore_conflicts=True, batch_size=1_000)
    return {delivery.subscription_id for delivery in made}


def _body(envelope: Envelope) -> str:
    """The event as Standard Webhooks shapes it: type, timestamp, data."""
    data = {"id": str(envelope.subject_id), **envelope.payload}
    shaped = {"type": envelope.name, "timestamp": envelope.recorded_at, "data": data}
    return orjson.dumps(shaped, option=orjson.OPT_UTC_Z).decode()


def note_answer(delivery: Delivery, answer: Answer, *, actor: Actor) -> None:
    """Keep how a try went, and decide what follows."""
    now = clock.now()
    changes = {
        "attempts": F("attempts") + 1,
        "tried_at": now,
        "response_status": answer.status,
        "response_text": answer.text,
        "error": answer.error,
        "duration_ms": answer.duration_ms,
    }
    wait = rules.retry_wait(delivery.attempts + 1)
    if answer.is_success:
        changes["status"] = DeliveryStatus.DELIVERED
    elif wait is None or answer.status == GONE:
        changes["status"] = DeliveryStatus.FAILED
    else:
        changes["next_try_at"] = now + wait
    Delivery.objects.filter(pk=delivery.pk, status=DeliveryStatus.WAITING).update(**changes)
    _note_receiver(delivery.subscription_id, answer, actor=actor)


def _note_receiver(subscription_id: UUID, answer: Answer, *, actor: Actor) -> None:
    here = Subscription.objects.filter(pk=subscription_id)
    if answer.is_success:
        here.exclude(failing_since=None).update(failing_since=None)
        return
    here.filter(failing_since=None).update(failing_since=clock.now())
    long_ago = clock.now() - dt.timedelta(days=STOP_AFTER_DAYS.value)
    if answer.status == GONE:
        stop_webhook(subscription_id, actor=actor, reason="gone")
    elif here.filter(failing_since__lt=long_ago, stopped_at=None).exists():
        stop_webhook(subscription_id, actor=actor, reason="failures")


def signing_secrets(subscription: Subscription) -> list[bytes]:
    """The secrets that sign now, the newest first."""
    key = open_keys([subscription.pk])[subscription.pk]
    until = subscription.previous_until
    old = subscription.previous_secret if until is not None and until > clock.now() else None
    sealed = [each for each in (subscription.secret, old) if each is not None]
    return [key.open(bytes(each), _secret_context(subscription.pk)) for each in sealed]


def prune(*, limit: int = 5_000) -> int:
    """Delete up to ``limit`` deliveries that are older than the setting says; how many."""
    before = clock.now() - dt.timedelta(days=KEPT_DAYS.value)
    old = Delivery.objects.filter(created_at__lt=before).values_list("pk", flat=True)[:limit]
    return Delivery.objects.filter(pk__in=list(old)).delete()[0]


def _secret_context(subscription_id: UUID) -> str:
    return f"webhooks.subscription.secret:{subscription_id}"


def _plain(found: Subscription) -> dict[str, object]:
    return {"name": found.name, "url": found.url, "events": list(found.events)}
