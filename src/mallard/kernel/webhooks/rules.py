"""Decisions about webhooks: signatures, the times of retries, which addresses may be called."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import ipaddress
from urllib.parse import urlsplit

SECRET_PREFIX = "whsec_"  # noqa: S105 how Standard Webhooks marks a secret
SECRET_BYTES = 32
RETRY_AFTER = (
    dt.timedelta(seconds=5),
    dt.timedelta(minutes=1),
    dt.timedelta(minutes=5),
    dt.timedelta(minutes=30),
    dt.timedelta(hours=2),
    dt.timedelta(hours=5),
    dt.timedelta(hours=10),
    dt.timedelta(hours=14),
    dt.timedelta(hours=20),
    dt.timedelta(hours=24),
)
"""Waits between tries; about three days in all, as Standard Webhooks 1.0 recommends."""


def signature(secret: bytes, *, webhook_id: str, timestamp: int, body: bytes) -> str:
    """One signature as Standard Webhooks 1.0 has it: ``v1,`` and the Base64 of HMAC-SHA256 over
    ``id.timestamp.body``."""
    signed = b"%s.%d.%s" % (webhook_id.encode(), timestamp, body)
    digest = hmac.new(secret, signed, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


def shown_secret(secret: bytes) -> str:
    """The secret as it is given to the receiver."""
    return SECRET_PREFIX + base64.b64encode(secret).decode()


def retry_wait(attempts: int) -> dt.timedelta | None:
    """How long to wait after that many tries; None: give up."""
    return RETRY_AFTER[attempts - 1] if attempts <= len(RETRY_AFTER) else None


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet: not to this machine, a private
    network, a cloud's metadata service or a group of receivers."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour
        if inner is not None:
            found = inner
    return found.is_global and not found.is_multicast


def url_fault(url: str, *, is_private_allowed: bool) -> str:
    """What is wrong with an address: ``form``, ``scheme`` or nothing.

    Only https; plain http to this machine itself where private addresses are allowed.
    """
    try:
        parts = urlsplit(url)
        port_is_right = parts.port is None or parts.port > 0
    except ValueError:
        return "form"
    is_formed = bool(parts.hostname) and port_is_right and not parts.username and not parts.password
    if not is_formed or any(not "!" <= sign <= "~" for sign in url):
        return "form"
    is_here = parts.hostname in ("localhost", "127.0.0.1", "::1")
    if parts.scheme == "https" or (parts.scheme == "http" and is_here and is_private_allowed):
        return ""
    return "scheme"
