"""Events reach a real receiver: signed, retried, stopped, sent again."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import json
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from uuid import UUID

import pytest
from django.test import Client

from mallard.kernel import clock
from mallard.kernel.access.actor import Actor, ActorKind, Scope, system
from mallard.kernel.audit.models import Entry
from mallard.kernel.environment import environment
from mallard.kernel.errors import Conflict, Forbidden, Invalid
from mallard.kernel.health.registry import Status
from mallard.kernel.ids import uuid7
from mallard.kernel.outbox.events import Envelope, Event, declared_events
from mallard.kernel.outbox.models import OutboxEvent
from mallard.kernel.webhooks import checks, jobs, listening, queries, sending, services
from mallard.kernel.webhooks.models import Delivery, DeliveryStatus, Subscription
from mallard.kernel.webhooks.services import WebhookInput
from mallard.world.staff.tests.factories import a_staff_user

pytestmark = pytest.mark.django_db
OPERATOR = system("tests")
EVENT = "health.check_changed"


@dataclass
class Request:
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """Another system, on loopback, in a thread of its own."""

    status: int = 200
    answer: bytes = b"thank you"
    requests: list[Request] = field(default_factory=list)
    url: str = ""

    def start(self) -> ThreadingHTTPServer:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                receiver.requests.append(Request(self.path, headers, body))
                self.send_response(receiver.status)
                if receiver.status == 302:
                    self.send_header("Location", f"{receiver.url}/elsewhere")
                self.send_header("Content-Length", str(len(receiver.answer)))
                self.end_headers()
                self.wfile.write(receiver.answer)

            def log_message(self, *_arguments: Any) -> None:
                """Be quiet."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        return server


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    monkeypatch.setenv("MALLARD_WEBHOOKS_ALLOW_PRIVATE", "true")
    environment.cache_clear()
    made = Receiver()
    server = made.start()
    yield made
    server.shutdown()
    server.server_close()
    monkeypatch.undo()
    environment.cache_clear()


def a_webhook(receiver: Receiver, *events: str) -> tuple[Subscription, bytes]:
    item = WebhookInput("Till", f"{receiver.url}/hook?a=1", events or (EVENT,))
    made, secret = services.create_webhook(item, actor=OPERATOR)
    return made, base64.b64decode(secret.removeprefix("whsec_"))


def an_envelope(name: str = EVENT, **payload: Any) -> Envelope:
    return Envelope(uuid7(), name, uuid7(), payload, clock.now(), "system", None, "")


def send_all(subscription: Subscription) -> None:
    for delivery in queries.due(subscription.pk, limit=100):
        jobs.send(delivery)


def is_signed_by(request: Request, secret: bytes) -> bool:
    """As a receiver would check, written from the specification."""
    content = b".".join(
        [
            request.headers["webhook-id"].encode(),
            request.headers["webhook-timestamp"].encode(),
            request.body,
        ]
    )
    expected = base64.b64encode(hmac.new(secret, content, hashlib.sha256).digest()).decode()
    return f"v1,{expected}" in request.headers["webhook-signature"].split()


def test_an_event_arrives_signed(receiver: Receiver) -> None:
    webhook, secret = a_webhook(receiver)
    envelope = an_envelope(code="disk", status="fail")
    listening.take([envelope])
    send_all(webhook)
    [request] = receiver.requests
    assert request.path == "/hook?a=1"
    assert is_signed_by(request, secret)
    assert not is_signed_by(request, secret + b"x")
    body = json.loads(request.body)
    assert body["type"] == EVENT
    assert body["data"] == {"id": str(envelope.subject_id), "code": "disk", "status": "fail"}
    delivery = Delivery.objects.get()
    assert request.headers["webhook-id"] == str(delivery.pk)
    assert (delivery.status, delivery.response_status) == (DeliveryStatus.DELIVERED, 200)
    assert delivery.response_text == "thank you"


def test_an_event_that_comes_twice_is_told_once(receiver: Receiver) -> None:
    webhook, _secret = a_webhook(receiver)
    envelope = an_envelope()
    listening.take([envelope])
    listening.take([envelope])
    send_all(webhook)
    assert len(receiver.requests) == 1


def test_only_chosen_events_are_told(receiver: Receiver) -> None:
    a_webhook(receiver)
    listening.take([an_envelope("members.member_erased")])
    assert not Delivery.objects.exists()


def test_a_failure_is_tried_again_later_under_the_same_id(receiver: Receiver, frozen_clock) -> None:
    webhook, _secret = a_webhook(receiver)
    receiver.status = 500
    listening.take([an_envelope()])
    send_all(webhook)
    send_all(webhook)
    assert len(receiver.requests) == 1, "not before its time"
    webhook.refresh_from_db()
    assert webhook.failing_since is not None
    assert checks.receivers_answer().status == Status.WARN
    receiver.status = 204
    frozen_clock.advance(seconds=6)
    send_all(webhook)
    first, second = receiver.requests
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.headers["webhook-timestamp"] != second.headers["webhook-timestamp"]
    webhook.refresh_from_db()
    assert webhook.failing_since is None
    assert checks.receivers_answer().status == Status.OK


def test_after_eleven_tries_a_delivery_is_given_up_and_can_be_sent_again(
    receiver: Receiver, frozen_clock
) -> None:
    webhook, _secret = a_webhook(receiver)
    receiver.status = 503
    listening.take([an_envelope()])
    for _try in range(11):
        send_all(webhook)
        frozen_clock.advance(hours=25)
        Subscription.objects.update(failing_since=None)  # the receiver itself is not given up here
    delivery = Delivery.objects.get()
    assert (delivery.status, delivery.attempts) == (DeliveryStatus.FAILED, 11)
    receiver.status = 200
    assert services.replay(webhook.pk, delivery_ids=None, actor=OPERATOR) == 1
    send_all(webhook)
    delivery.refresh_from_db()
    assert delivery.status == DeliveryStatus.DELIVERED
    assert receiver.requests[-1].headers["webhook-id"] == str(delivery.pk)


def test_a_receiver_that_fails_for_days_is_stopped_and_announced(
    receiver: Receiver, frozen_clock
) -> None:
    webhook, _secret = a_webhook(receiver)
    receiver.status = 500
    listening.take([an_envelope()])
    send_all(webhook)
    frozen_clock.advance(days=6)
    send_all(webhook)
    webhook.refresh_from_db()
    assert webhook.stop_reason == "failures"
    assert OutboxEvent.objects.filter(name="webhooks.webhook_stopped").count() == 1
    frozen_clock.advance(days=1)
    listening.take([an_envelope()])
    send_all(webhook)
    assert len(receiver.requests) == 2, "nothing is sent to it any more"
    with pytest.raises(Conflict):
        services.replay(webhook.pk, delivery_ids=None, actor=OPERATOR)
    services.start_webhook(webhook.pk, actor=OPERATOR)
    receiver.status = 200
    send_all(webhook)
    assert len(receiver.requests) == 3, "what waited is sent after a start"


def test_gone_stops_at_once(receiver: Receiver) -> None:
    webhook, _secret = a_webhook(receiver)
    receiver.status = 410
    listening.take([an_envelope()])
    send_all(webhook)
    webhook.refresh_from_db()
    assert webhook.stop_reason == "gone"
    assert Delivery.objects.get().status == DeliveryStatus.FAILED


def test_a_redirect_is_a_failure_and_is_not_followed(receiver: Receiver) -> None:
    webhook, _secret = a_webhook(receiver)
    receiver.status = 302
    listening.take([an_envelope()])
    send_all(webhook)
    assert [request.path for request in receiver.requests] == ["/hook?a=1"]
    assert Delivery.objects.get().status == DeliveryStatus.WAITING


def test_both_secrets_sign_for_a_day_after_a_rotation(receiver: Receiver, frozen_clock) -> None:
    webhook, old = a_webhook(receiver)
    shown = services.rotate_secret(webhook.pk, actor=OPERATOR)
    new = base64.b64decode(shown.removeprefix("whsec_"))
    listening.take([an_envelope()])
    send_all(webhook)
    assert is_signed_by(receiver.requests[0], old)
    assert is_signed_by(receiver.requests[0], new)
    frozen_clock.advance(hours=25)
    listening.take([an_envelope()])
    send_all(webhook)
    assert not is_signed_by(receiver.requests[1], old)
    assert is_signed_by(receiver.requests[1], new)


def test_the_secret_is_neither_in_the_table_nor_in_the_audit_log(receiver: Receiver) -> None:
    webhook, secret = a_webhook(receiver)
    assert secret not in bytes(Subscription.objects.get(pk=webhook.pk).secret)
    entry = Entry.objects.get(action="webhooks.webhook_created")
    assert base64.b64encode(secret).decode() not in str(vars(entry))


def test_private_addresses_are_not_called(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even when the name was good at the time it was entered."""
    webhook, _secret = a_webhook(receiver)
    monkeypatch.setenv("MALLARD_WEBHOOKS_ALLOW_PRIVATE", "false")
    environment.cache_clear()
    listening.take([an_envelope()])
    send_all(webhook)
    assert receiver.requests == []
    assert Delivery.objects.get().error == "AddressNotPublic"


def test_a_receiver_that_is_away_is_an_answer_too() -> None:
    answer = sending.post("https://127.0.0.1:1/", b"{}", {})
    assert (answer.status, answer.error) == (None, "AddressNotPublic")


@pytest.mark.parametrize(
    "item",
    [
        WebhookInput("x", "http://example.com", (EVENT,)),
        WebhookInput("x", "https://", (EVENT,)),
        WebhookInput("x", "https://example.com", ()),
        WebhookInput("x", "https://example.com", ("no.such_event",)),
    ],
)
def test_what_is_not_right_is_refused(item: WebhookInput) -> None:
    with pytest.raises(Invalid):
        services.create_webhook(item, actor=OPERATOR)
    assert not Subscription.objects.exists()


def test_somebody_of_one_mall_sets_nothing_up() -> None:
    local = Actor(
        ActorKind.STAFF,
        None,
        "x",
        frozenset({"webhooks.manage_webhook"}),
        Scope(mall_ids=frozenset({uuid7()})),
    )
    with pytest.raises(Forbidden):
        services.create_webhook(WebhookInput("x", "https://example.com", (EVENT,)), actor=local)


def test_old_deliveries_are_forgotten(receiver: Receiver) -> None:
    a_webhook(receiver)
    listening.take([an_envelope(), an_envelope()])
    old = Delivery.objects.earliest("pk")
    Delivery.objects.filter(pk=old.pk).update(created_at=clock.now() - dt.timedelta(days=31))
    assert services.prune() == 1
    assert not Delivery.objects.filter(pk=old.pk).exists()


def test_tests_events_are_not_offered() -> None:
    class Odd(Event):
        name: ClassVar[str] = "tests.odd"

    names = [event.name for event in declared_events()]
    assert "members.member_enrolled" in names
    assert Odd.name not in names


@pytest.fixture
def administrator(client: Client) -> Client:
    client.force_login(a_staff_user(), "django.contrib.auth.backends.ModelBackend")
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def test_the_pages_tell_the_whole_story(administrator: Client, receiver: Receiver) -> None:
    new = administrator.post(
        "/webhooks/new", {"name": "Till", "url": f"{receiver.url}/x", "events": [EVENT]}
    )
    assert re.search(r"whsec_[\w+/=]{40,}", new.content.decode())
    assert new["Cache-Control"]
    webhook = Subscription.objects.get()
    page = f"/webhooks/{webhook.pk}"
    assert "whsec_" not in administrator.get(page).content.decode()
    receiver.status, receiver.answer = 422, b"no <b>thanks"
    listening.take([an_envelope()])
    send_all(webhook)
    assert "422" in administrator.get(page).content.decode()
    delivery = f"{page}/{Delivery.objects.get().pk}"
    assert "no &lt;b&gt;thanks" in administrator.get(delivery).content.decode()
    receiver.status = 200
    assert administrator.post(f"{delivery}/replay").status_code == 302
    send_all(webhook)
    assert "Delivered" in administrator.get(delivery).content.decode()
    for step, said in (("stop", "Stopped"), ("start", "Sending")):
        assert administrator.post(f"{page}/{step}").status_code == 302
        assert said in administrator.get(page).content.decode()
    assert "whsec_" in administrator.post(f"{page}/secret").content.decode()
    changed = {"name": "Other", "url": "https://example.com", "events": [EVENT]}
    assert administrator.post(f"{page}/edit", changed).status_code == 302
    assert "Other" in administrator.get("/webhooks/").content.decode()


def test_what_was_typed_is_kept_with_the_refusal(administrator: Client) -> None:
    answer = administrator.post(
        "/webhooks/new", {"name": "Till", "url": "http://example.com/x", "events": [EVENT]}
    )
    assert answer.status_code == 422
    assert "Use an https address." in answer.content.decode()
    assert "http://example.com/x" in answer.content.decode()


def test_an_unknown_webhook_is_not_found(administrator: Client) -> None:
    assert administrator.get(f"/webhooks/{UUID(int=5)}").status_code == 404
    assert administrator.post(f"/webhooks/{UUID(int=5)}/stop").status_code == 404
