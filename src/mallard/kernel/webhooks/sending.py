"""One HTTP request to another system: signed, bounded, and never into a private network.

The name is resolved once, every address it has is looked at, and the connection is made to the
very address that was found good: a name that changes its mind between the look and the call
(DNS rebinding) gains nothing. Redirects are not followed, proxies of the environment not used.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from mallard.kernel.environment import environment
from mallard.kernel.webhooks.errors import AddressNotPublic
from mallard.kernel.webhooks.rules import is_public

TIMEOUT_SECONDS = 10
KEPT_RESPONSE = 300


@dataclass(frozen=True, slots=True)
class Answer:
    """How a try went: a status, or the kind of error when there was none."""

    status: int | None
    text: str
    error: str
    duration_ms: int

    @property
    def is_success(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """POST ``body``; never raises for what the other side or the network does."""
    began = time.monotonic()
    try:
        status, text = _exchange(url, body, headers)
    except (OSError, http.client.HTTPException, AddressNotPublic, ValueError) as error:
        return Answer(None, "", type(error).__name__, _since(began))
    return Answer(status, text, "", _since(began))


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)


def good_address(host: str, port: int) -> str:
    """An address of ``host`` that may be called. Raises `AddressNotPublic`, OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]) for entry in found]
    if not environment().webhooks_allow_private and not all(map(is_public, addresses)):
        raise AddressNotPublic()
    return addresses[0]


def _exchange(url: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, str]:
    parts = urlsplit(url)
    host, is_tls = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if is_tls else 80)
    plain = socket.create_connection((good_address(host, port), port), timeout=TIMEOUT_SECONDS)
    connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT_SECONDS)
    try:
        connection.sock = (
            ssl.create_default_context().wrap_socket(plain, server_hostname=host)
            if is_tls
            else plain
        )
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body, {**headers, "Host": parts.netloc})
        response = connection.getresponse()
        return response.status, _readable(response.read(KEPT_RESPONSE))
    finally:
        connection.close()
        plain.close()


def _readable(raw: bytes) -> str:
    text = raw.decode("utf-8", "replace")
    return "".join(sign if sign.isprintable() else " " for sign in text)[:KEPT_RESPONSE].strip()
