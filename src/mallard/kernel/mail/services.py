"""Queueing mail: a row in the caller's transaction; the worker sends it after the commit."""

from __future__ import annotations

from dataclasses import asdict
from email.utils import parseaddr
from uuid import UUID

import orjson
from django.db import connection

from mallard.kernel import clock
from mallard.kernel.access.actor import Actor
from mallard.kernel.ids import uuid7
from mallard.kernel.mail.errors import AddressInvalid, RecipientErased
from mallard.kernel.mail.jobs import send_mail
from mallard.kernel.mail.models import Mail
from mallard.kernel.mail.sending import Content, sealing_context
from mallard.kernel.secrets.services import open_keys

__all__ = ["Content", "queue_mail"]


def queue_mail(
    *, kind: str, content: Content, actor: Actor, personal_of: UUID | None = None
) -> UUID:
    """Write a mail in the caller's transaction; the worker sends it after the commit.

    ``kind`` is a code for reports (``"staff.invitation"``). For a mail to a member name the member
    in ``personal_of``: address and text are then sealed under that member's data key. Returns the
    mail's id. Raises `AddressInvalid`, `RecipientErased`, and RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("queue_mail() belongs into the transaction of what it tells")
    if any(character in content.to + content.subject for character in "\r\n\0"):
        raise AddressInvalid()
    _name, address = parseaddr(content.to)
    if address.count("@") != 1 or address.startswith("@") or address.endswith("@"):
        raise AddressInvalid()
    identifier = uuid7()
    raw = orjson.dumps(asdict(content))
    if personal_of is not None:
        key = open_keys([personal_of]).get(personal_of)
        if key is None:
            raise RecipientErased()
        raw = key.seal(raw, sealing_context(identifier))
    now = clock.now()
    Mail.objects.create(
        id=identifier, kind=kind, personal_of=personal_of, content=raw, next_try_at=now,
        queued_at=now,
    )  # fmt: skip
    send_mail.defer(mail_id=str(identifier))
    return identifier
