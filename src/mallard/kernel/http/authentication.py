"""Who calls the API: `Authorization: Bearer mk_…`.

The keys themselves belong to the staff app, which registers how a key becomes an actor.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja.security import HttpBearer

from mallard.kernel.access.actor import Actor
from mallard.kernel.errors import DomainError
from mallard.kernel.http import limits

Authenticator = Callable[[str], Actor | None]

CACHE_SECONDS = 5.0
CACHE_SIZE = 2000
MAX_KEY_LENGTH = 200

_authenticator: Authenticator | None = None
_cache: OrderedDict[bytes, tuple[float, Actor]] = OrderedDict()
_cache_lock = threading.Lock()


class KeyNeeded(DomainError):
    code = "http.key_needed"
    status = 401
    message = _("Send a valid API key in the Authorization header: Bearer mk_…")


def register_authenticator(authenticator: Authenticator) -> Authenticator:
    """State how a plain key becomes an actor (None: unknown, revoked or expired)."""
    global _authenticator
    _authenticator = authenticator
    forget_keys()
    return authenticator


def forget_keys() -> None:
    """Drop what this process remembers of keys: call it after revoking one."""
    with _cache_lock:
        _cache.clear()


def actor_for_key(plain_key: str) -> Actor | None:
    """The actor of a key, remembered for up to 5 seconds in this process.

    A revoked key therefore works at most 5 seconds longer in other processes. Only digests of keys
    are kept, and never those of keys that were refused.
    """
    if _authenticator is None or not plain_key or len(plain_key) > MAX_KEY_LENGTH:
        return None
    digest = hashlib.sha256(plain_key.encode()).digest()
    now = time.monotonic()
    with _cache_lock:
        found = _cache.get(digest)
        if found is not None and found[0] > now:
            return found[1]
    actor = _authenticator(plain_key)
    with _cache_lock:
        _cache.pop(digest, None)
        if actor is not None:
            _cache[digest] = (now + CACHE_SECONDS, actor)
            while len(_cache) > CACHE_SIZE:
                _cache.popitem(last=False)
    return actor


class ApiKey(HttpBearer):
    """Authenticates a request, puts the actor on it and counts it against the key's rate limit.

    Raises `KeyNeeded` (401) and `limits.TooManyRequests` (429). Refused keys count against the
    client's address, so that guessing is slow.
    """

    openapi_bearerFormat = "mk_<prefix>_<secret>"  # noqa: N815 ninja's name for it

    def __call__(self, request: HttpRequest) -> Actor:
        scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
        actor = actor_for_key(token.strip()) if scheme.lower() == "bearer" else None
        address: str = getattr(request, "address", "")
        if actor is None:
            if token:
                limits.take(f"refused:{address}", limits.REFUSED_KEYS)
            raise KeyNeeded()
        limits.take(f"key:{actor.id}", limits.requests_per_key())
        acting = actor.at(request_id=getattr(request, "request_id", ""), address=address)
        request.actor = acting  # type: ignore[attr-defined]
        return acting

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """Not used: `__call__` does it all. Here because ninja declares it abstract."""
        return actor_for_key(token)
