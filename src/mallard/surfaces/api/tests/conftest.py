from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from mallard.kernel.access.actor import WHOLE_GROUP, Actor, ActorKind
from mallard.kernel.http import authentication, limits
from mallard.kernel.ids import uuid7

WRITER = Actor(
    ActorKind.API, uuid7(), "till", permissions=frozenset({"test.write_lamp"}), scope=WHOLE_GROUP
)
OTHER = Actor(
    ActorKind.API, uuid7(), "other", permissions=frozenset({"test.write_lamp"}), scope=WHOLE_GROUP
)
READER = Actor(ActorKind.API, uuid7(), "reader", scope=WHOLE_GROUP)
KEYS = {"mk_writer_secret": WRITER, "mk_other_secret": OTHER, "mk_reader_secret": READER}

Call = Callable[..., Any]


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Three API keys; the list grows with every question about one."""
    asked: list[str] = []

    def authenticate(plain_key: str) -> Actor | None:
        asked.append(plain_key)
        return KEYS.get(plain_key)

    monkeypatch.setattr(authentication, "_authenticator", authenticate)
    authentication.forget_keys()
    limits.forget_leases()
    yield asked
    authentication.forget_keys()
    limits.forget_leases()


@pytest.fixture
def call() -> Call:
    """``call("post", "/lamps", {...}, key="…", idempotency="…")``"""
    client = Client(raise_request_exception=False)

    def do(
        method: str,
        path: str,
        body: object = None,
        *,
        key: str | None = "mk_writer_secret",
        idempotency: str | None = None,
        **headers: str,
    ) -> Any:
        sent = dict(headers)
        if key:
            sent["Authorization"] = f"Bearer {key}"
        if idempotency:
            sent["Idempotency-Key"] = idempotency
        arguments: dict[str, Any] = {"headers": sent}
        if body is not None:
            arguments |= {"data": body, "content_type": "application/json"}
        return getattr(client, method)(f"/api/v1{path}", **arguments)

    return do
