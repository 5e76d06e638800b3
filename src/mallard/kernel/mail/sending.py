"""Sending what is queued: leased, opened, transmitted, tried again."""

from __future__ import annotations

import datetime as dt
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from urllib.parse import unquote, urlsplit
from uuid import UUID

import orjson
from django.db.models import F, Q

from mallard.kernel import clock
from mallard.kernel.environment import environment
from mallard.kernel.mail.models import Mail, MailStatus
from mallard.kernel.secrets.services import open_keys

LEASE = dt.timedelta(minutes=3)
MAX_ATTEMPTS = 12
BASE_BACKOFF = dt.timedelta(seconds=15)
MAX_BACKOFF = dt.timedelta(hours=4)
TIMEOUT_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Content:
    """What a mail says. ``html`` is optional; ``text`` is what everybody can read."""

    to: str
    subject: str
    text: str
    html: str = ""


def sealing_context(mail_id: UUID) -> str:
    """What a mail's sealed content is bound to."""
    return f"mail.mail.content:{mail_id}"


def send_due(mail_id: UUID) -> bool:
    """Send one mail if it is due and nobody else is sending it; whether it went out.

    A failure is noted and tried again later, up to 12 times over about a day; a permanent refusal
    by the server (5xx for the recipient) is final. At least once: a worker killed between the
    server's "250" and our commit leads to a second copy with the same Message-ID.
    """
    mail = _leased(mail_id)
    if mail is None:
        return False
    content = _opened(mail)
    if content is None:
        _fail(mail, "RecipientErased")
        return False
    try:
        _transmit(_message(mail, content))
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _text in error.recipients.values()]
        if all(code >= 500 for code in codes):
            _fail(mail, "SMTPRecipientsRefused")
        else:
            _postpone(mail, "SMTPRecipientsRefused")
        return False
    except (smtplib.SMTPException, OSError) as error:
        _postpone(mail, type(error).__name__)
        return False
    # What was said is not needed any more; who was told when, is.
    Mail.objects.filter(pk=mail.pk).update(
        status=MailStatus.SENT, sent_at=clock.now(), leased_until=None, last_error="", content=None
    )
    return True


def due_mail_ids(*, limit: int = 500) -> list[UUID]:
    """Mails whose time to be sent (again) has come, oldest first."""
    now = clock.now()
    return list(
        Mail.objects.filter(status=MailStatus.QUEUED, next_try_at__lte=now)
        .filter(Q(leased_until=None) | Q(leased_until__lte=now))
        .order_by("next_try_at")
        .values_list("pk", flat=True)[:limit]
    )


def _leased(mail_id: UUID) -> Mail | None:
    """One conditional UPDATE, so that of two workers exactly one gets the mail."""
    now = clock.now()
    taken = (
        Mail.objects.filter(pk=mail_id, status=MailStatus.QUEUED, next_try_at__lte=now)
        .filter(Q(leased_until=None) | Q(leased_until__lte=now))
        .update(leased_until=now + LEASE, attempts=F("attempts") + 1)
    )
    return Mail.objects.get(pk=mail_id) if taken else None


def _opened(mail: Mail) -> Content | None:
    raw = bytes(mail.content or b"")
    if mail.personal_of is not None:
        key = open_keys([mail.personal_of]).get(mail.personal_of)
        if key is None:
            return None
        raw = key.open(raw, sealing_context(mail.pk))
    return Content(**orjson.loads(raw))


def _fail(mail: Mail, reason: str) -> None:
    Mail.objects.filter(pk=mail.pk).update(
        status=MailStatus.FAILED, leased_until=None, last_error=reason, content=None
    )


def _postpone(mail: Mail, reason: str) -> None:
    if mail.attempts >= MAX_ATTEMPTS:
        _fail(mail, reason)
        return
    backoff = min(BASE_BACKOFF * 2 ** (mail.attempts - 1), MAX_BACKOFF)
    Mail.objects.filter(pk=mail.pk).update(
        next_try_at=clock.now() + backoff, leased_until=None, last_error=reason
    )


def _message(mail: Mail, content: Content) -> EmailMessage:
    message = EmailMessage()
    message["From"] = environment().mail_from
    message["To"] = content.to
    message["Subject"] = content.subject
    message["Date"] = format_datetime(mail.queued_at)
    message["Message-ID"] = f"<{mail.pk}@{_sender_domain()}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(content.text)
    if content.html:
        message.add_alternative(content.html, subtype="html")
    return message


def _sender_domain() -> str:
    _name, address = parseaddr(environment().mail_from)
    return address.rpartition("@")[2] or socket.getfqdn()


def has_server() -> bool:
    """Whether the operator named a mail server; otherwise this machine's own one is tried."""
    return "smtp_url" in environment().model_fields_set


def _transmit(message: EmailMessage) -> None:
    """Hand a message to the configured server."""
    with connected() as client:
        client.send_message(message)


@contextmanager
def connected(*, timeout_seconds: int = TIMEOUT_SECONDS) -> Iterator[smtplib.SMTP]:
    """The configured server, greeted and given our password.

    `smtps://` speaks TLS from the start. `smtp://` upgrades with STARTTLS when the server offers
    it, and must before a password is sent.
    """
    url = urlsplit(environment().smtp_url.get_secret_value())
    host, secure = url.hostname or "127.0.0.1", url.scheme == "smtps"
    tls = ssl.create_default_context()
    client = (
        smtplib.SMTP_SSL(host, url.port or 465, timeout=timeout_seconds, context=tls)
        if secure
        else smtplib.SMTP(host, url.port or 25, timeout=timeout_seconds)
    )
    with client:
        client.ehlo()
        if not secure and client.has_extn("starttls"):
            client.starttls(context=tls)
            client.ehlo()
            secure = True
        if url.username:
            if not secure:
                raise smtplib.SMTPNotSupportedError("no password without TLS")
            client.login(unquote(url.username), unquote(url.password or ""))
        yield client
