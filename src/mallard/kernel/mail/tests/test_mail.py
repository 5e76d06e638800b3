from __future__ import annotations

import datetime as dt
import socket
from collections.abc import Iterator
from email import message_from_bytes, policy
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP
from django.db import transaction

from mallard.kernel.access.actor import system
from mallard.kernel.environment import environment
from mallard.kernel.ids import uuid7
from mallard.kernel.mail import sending
from mallard.kernel.mail.errors import AddressInvalid, RecipientErased
from mallard.kernel.mail.jobs import send_due_mail
from mallard.kernel.mail.models import Mail
from mallard.kernel.mail.sending import send_due
from mallard.kernel.mail.services import Content, queue_mail
from mallard.kernel.secrets.services import create_data_keys, destroy_data_key

pytestmark = pytest.mark.django_db(transaction=True)
ACTOR = system("test")
HELLO = Content("Jane <jane@example.com>", "你好 Jane", "Your card is ready.", "<p>Ready</p>")


class Post:
    """A real SMTP server on loopback that can be stopped, started and told to refuse."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.received: list[Any] = []
        self.answer = "250 OK"
        self._controller: Controller | None = None

    async def handle_RCPT(self, _server, _session, envelope, address, _options) -> str:  # noqa: N802
        if self.answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(self, _server: SMTP, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.received.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"

    def start(self) -> None:
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def stop(self) -> None:
        if self._controller is not None:
            self._controller.stop()
            self._controller = None


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    monkeypatch.setenv("MALLARD_SMTP_URL", f"smtp://127.0.0.1:{port}")
    environment.cache_clear()
    server = Post(port)
    server.start()
    yield server
    server.stop()
    monkeypatch.undo()
    environment.cache_clear()


def queue(content: Content = HELLO, **kwargs: Any):
    with transaction.atomic():
        return queue_mail(kind="test.hello", content=content, actor=ACTOR, **kwargs)


def test_mail_goes_out_once_with_both_parts(post):
    mail_id = queue()
    assert send_due(mail_id)
    assert not send_due(mail_id)
    (message,) = post.received
    assert message["Subject"] == "你好 Jane"
    assert message["To"] == "Jane <jane@example.com>"
    assert str(mail_id) in message["Message-ID"]
    assert message.get_body(("plain",)).get_content().strip() == "Your card is ready."
    assert "<p>Ready</p>" in message.get_body(("html",)).get_content()
    mail = Mail.objects.get()
    assert (mail.status, mail.attempts, mail.content) == ("sent", 1, None)


def test_mail_vanishes_with_the_transaction_that_caused_it(post):
    with transaction.atomic():
        queue_mail(kind="test.hello", content=HELLO, actor=ACTOR)
        transaction.set_rollback(True)
    with pytest.raises(RuntimeError):
        queue_mail(kind="test.hello", content=HELLO, actor=ACTOR)
    assert not Mail.objects.exists()


def test_server_that_is_down_is_tried_again_when_it_is_up(post, frozen_clock):
    post.stop()
    mail_id = queue()
    assert not send_due(mail_id)
    mail = Mail.objects.get()
    assert (mail.status, mail.attempts, mail.last_error) == ("queued", 1, "ConnectionRefusedError")
    post.start()
    send_due_mail()  # not before its time
    assert post.received == []
    frozen_clock.advance(seconds=16)
    send_due_mail()
    assert len(post.received) == 1
    assert Mail.objects.get().status == "sent"


def test_temporary_refusal_is_tried_again_and_given_up_in_the_end(post, frozen_clock):
    post.answer = "451 later"
    queue()
    for _attempt in range(sending.MAX_ATTEMPTS + 3):
        send_due_mail()
        frozen_clock.advance(hours=5)
    mail = Mail.objects.get()
    assert (mail.status, mail.attempts) == ("failed", sending.MAX_ATTEMPTS)
    assert mail.content is None


def test_permanent_refusal_is_final(post):
    post.answer = "550 no such person"
    mail_id = queue()
    assert not send_due(mail_id)
    assert Mail.objects.get().status == "failed"
    assert post.received == []


def test_killed_worker_loses_its_lease_and_another_sends(post, frozen_clock):
    mail_id = queue()
    assert sending._leased(mail_id) is not None  # and the worker dies here
    assert not send_due(mail_id)
    frozen_clock.advance(minutes=4)
    send_due_mail()
    assert len(post.received) == 1


def test_mail_to_a_member_is_sealed_and_not_sent_after_erasure(post):
    member = uuid7()
    create_data_keys([member], actor=ACTOR)
    first, second = queue(personal_of=member), queue(personal_of=member)
    assert b"jane" not in bytes(Mail.objects.get(pk=first).content)
    assert send_due(first)
    destroy_data_key(member, actor=ACTOR)
    assert not send_due(second)
    assert Mail.objects.get(pk=second).status == "failed"
    assert len(post.received) == 1
    with pytest.raises(RecipientErased):
        queue(personal_of=member)


@pytest.mark.parametrize("to", ["", "jane", "@x.com", "a@b@c", "jane@x.com\r\nBcc: all@x.com"])
def test_bad_address_is_refused(post, to):
    with pytest.raises(AddressInvalid):
        queue(Content(to, "s", "t"))
    with pytest.raises(AddressInvalid):
        queue(Content("a@example.com", "s\nBcc: x@example.com", "t"))
    assert not Mail.objects.exists()


def test_date_is_when_it_was_queued(post, frozen_clock):
    frozen_clock.set(dt.datetime(2026, 5, 1, 8, tzinfo=dt.UTC))
    send_due(queue())
    assert post.received[0]["Date"].datetime == dt.datetime(2026, 5, 1, 8, tzinfo=dt.UTC)
