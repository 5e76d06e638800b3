"""Writes that a machine may repeat: same key and same content, the first answer again.

The key's row is inserted first and commits in the same transaction as the write and the reply. So
a second request with the key waits on the unique index until the first has ended: committed, it
reads the stored reply; rolled back, it does the work itself. A crash after the commit loses only
the reply on the wire, and the repeat gets it from the row.

A refusal (`DomainError`) changes nothing and stores nothing: the same key may be tried again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast
from uuid import UUID

import orjson
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext_lazy as _
from ninja.responses import Status

from mallard.kernel import clock
from mallard.kernel.access.actor import Actor
from mallard.kernel.access.guards import actor_of
from mallard.kernel.database.prepared import fetch_rows
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.errors import Conflict, DomainError, Invalid
from mallard.kernel.http.models import IdempotencyKey
from mallard.kernel.http.rendering import dump_json
from mallard.kernel.secrets.services import blind_index, open_keys

HEADER = "Idempotency-Key"
REPLAYED_HEADER = "Idempotency-Replayed"
MAX_KEY_LENGTH = 200
KEPT_HOURS = 48
PRUNE_BATCH = 10_000

View = TypeVar("View", bound=Callable[..., Any])
PersonalOf = Callable[[Any], UUID | None]


class IdempotencyConflict(Conflict):
    code = "http.idempotency_conflict"
    message = _("This idempotency key was used before with other content.")


class IdempotencyKeyNeeded(Invalid):
    code = "http.idempotency_key_needed"
    status = 400
    message = _("Send an Idempotency-Key header, so that this request can be repeated safely.")


class IdempotencyKeyInvalid(Invalid):
    code = "http.idempotency_key_invalid"
    status = 400
    message = _("An idempotency key has 1 to 200 printable ASCII characters.")


class ReplyErased(DomainError):
    code = "http.reply_erased"
    status = 410
    message = _("This was done before; the person it was about has since been erased.")


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes on the wire: a status and JSON. ``personal_of``: whose data the body holds."""

    status: int
    body: bytes
    personal_of: UUID | None = None
    is_replay: bool = False


@atomic_retrying
def run_once(
    *,
    caller: str,
    route: str,
    key: str,
    content: bytes,
    work: Callable[[], Reply],
    moves_value: bool,
) -> Reply:
    """Do ``work`` in this transaction unless ``(caller, route, key)`` has been done before.

    ``content`` is what was asked for, in bytes that are equal when the request is. Keys of writes
    that move value never expire. Raises `IdempotencyConflict`, `ReplyErased`, and whatever
    ``work`` raises. ``work`` may run again after a deadlock: keep its effects in the database.
    """
    digest = _digest(content)
    is_first = fetch_rows(
        "INSERT INTO http_idempotency_key"
        " (caller, route, key, content_digest, is_kept, recorded_at)"
        " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING RETURNING 1",
        [caller, route, key, digest, moves_value, clock.now()],
    )
    if not is_first:
        return _stored(caller, route, key, digest)
    reply = work()
    _store(caller, route, key, reply)
    return reply


def _digest(content: bytes) -> bytes:
    """Keyed: content may hold a phone number, and a plain digest could be searched for by trying
    all numbers, long after the member was erased (keys that move value are kept for ever)."""
    return blind_index("http.idempotency.content", hashlib.sha256(content).hexdigest())


def _stored(caller: str, route: str, key: str, digest: bytes) -> Reply:
    row = IdempotencyKey.objects.get(caller=caller, route=route, key=key)
    if bytes(row.content_digest) != digest:
        raise IdempotencyConflict()
    body = bytes(row.reply or b"")
    if row.personal_of is not None:
        opened = open_keys([row.personal_of]).get(row.personal_of)
        if opened is None:
            raise ReplyErased()
        body = opened.open(body, _context(caller, route, key))
    return Reply(row.status or 200, body, row.personal_of, is_replay=True)


def _store(caller: str, route: str, key: str, reply: Reply) -> None:
    body = reply.body
    if reply.personal_of is not None:
        body = open_keys([reply.personal_of])[reply.personal_of].seal(
            body, _context(caller, route, key)
        )
    fetch_rows(
        "UPDATE http_idempotency_key SET status = %s, reply = %s, personal_of = %s"
        " WHERE caller = %s AND route = %s AND key = %s",
        [reply.status, body, reply.personal_of, caller, route, key],
    )


def _context(caller: str, route: str, key: str) -> str:
    return f"http.idempotency.reply:{caller}:{route}:{key}"


def idempotent(
    *,
    moves_value: bool = False,
    is_required: bool = False,
    personal_of: PersonalOf | None = None,
) -> Callable[[View], View]:
    """Make a route repeatable under the caller's ``Idempotency-Key`` header.

    Goes under `requires`, next to the function. ``personal_of`` takes the function's result and
    names the member whose personal data the reply holds, so that the stored copy is sealed under
    that member's data key. Without the header the route runs as usual, unless ``is_required``.
    """

    def decorate(view: View) -> View:
        route = f"{view.__module__.removeprefix('mallard.')}.{view.__name__}"

        @wraps(view)
        def once(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            key = request.headers.get(HEADER)
            if key is None:
                if is_required:
                    raise IdempotencyKeyNeeded()
                return view(request, *args, **kwargs)
            if not (1 <= len(key) <= MAX_KEY_LENGTH and key.isascii() and key.isprintable()):
                raise IdempotencyKeyInvalid()

            def work() -> Reply:
                result = view(request, *args, **kwargs)
                return _reply(result, personal_of(result) if personal_of else None)

            reply = run_once(
                caller=caller_of(actor_of(request)),
                route=route[-100:],
                key=key,
                content=_content(request),
                work=work,
                moves_value=moves_value,
            )
            response = HttpResponse(
                reply.body, status=reply.status, content_type="application/json; charset=utf-8"
            )
            if reply.is_replay:
                response[REPLAYED_HEADER] = "true"
            return response

        once.takes_idempotency_key = "required" if is_required else "optional"  # type: ignore[attr-defined]
        return cast(View, once)

    return decorate


def caller_of(actor: Actor) -> str:
    """Names a caller in keys: kind and id, or the label of a job or command."""
    return f"{actor.kind.value}:{actor.id or actor.label}"[:64]


def _reply(result: Any, personal_of: UUID | None) -> Reply:
    status = 200
    if isinstance(result, HttpResponseBase):
        raise TypeError("an idempotent route returns a schema, or Status(code, schema)")
    if isinstance(result, Status):
        status, result = result.status_code, result.value
    body = b"" if result is None else dump_json(result)
    return Reply(status, body, personal_of)


def _content(request: HttpRequest) -> bytes:
    """What was asked for. JSON that differs in spacing or order of keys only is the same."""
    body = request.body
    if body:
        with suppress(orjson.JSONDecodeError):
            body = orjson.dumps(orjson.loads(body), option=orjson.OPT_SORT_KEYS)
    return b"\n".join([(request.method or "").encode(), request.get_full_path().encode(), body])


def prune(*, limit: int = PRUNE_BATCH) -> int:
    """Delete up to ``limit`` expired keys of writes that moved no value; how many it did."""
    before = clock.now() - dt.timedelta(hours=KEPT_HOURS)
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM http_idempotency_key WHERE ctid = ANY(ARRAY("
            " SELECT ctid FROM http_idempotency_key"
            " WHERE NOT is_kept AND recorded_at < %s LIMIT %s))",
            [before, limit],
        )
        return cursor.rowcount
