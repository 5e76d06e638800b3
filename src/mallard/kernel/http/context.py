"""What is known of the request at hand: its id and where it comes from."""

from __future__ import annotations

import ipaddress
import re
from contextvars import ContextVar

from django.http import HttpRequest

from mallard.kernel.environment import environment
from mallard.kernel.ids import uuid7

_GIVEN_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")

request_id: ContextVar[str] = ContextVar("request_id", default="")


def request_id_of(request: HttpRequest) -> str:
    """The id that a proxy or client gave (``X-Request-ID``), if it is well-formed, or a new one."""
    given = request.META.get("HTTP_X_REQUEST_ID", "")
    return given if _GIVEN_ID.fullmatch(given) else uuid7().hex


def client_address(request: HttpRequest, *, trusted_proxies: int | None = None) -> str:
    """The address of the client, an IP address or an empty string.

    ``X-Forwarded-For`` is believed only as far as our own proxies wrote it: with two of them the
    second entry from the right; anything further left, a client can invent.
    """
    depth = environment().trusted_proxies if trusted_proxies is None else trusted_proxies
    candidate = request.META.get("REMOTE_ADDR", "")
    if depth:
        hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        hops = [hop for hop in hops if hop]
        if len(hops) >= depth:
            candidate = hops[-depth]
    try:
        return str(ipaddress.ip_address(candidate))
    except ValueError:
        return ""
