"""Writes that a machine may repeat: same key and same content, the first answer again.

The key's row is inserted first and commits in the same transaction as the write and the reply. So
a second request with the key waits on the unique index until the first has ended: committed, it
reads the stored reply; rolled back, it does the work itself. A crash after the commit loses only
the reply on the wire, and the repeat gets it from the row.

A refusal (`DomainError`) changes nothing and stores nothing: the same key may be tried again.

A route whose requests arrive by the hundred may answer several in one transaction (``together``):
each keeps its own key and its own answer, and whatever is not plainly new goes alone as above.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from collections.abc import Callable, Hashable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial, wraps
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
from mallard.kernel.database import prepared
from mallard.kernel.database.prepared import ask, fetch_rows, send
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.errors import Conflict, DomainError, Invalid
from mallard.kernel.http.gathering import Gathering
from mallard.kernel.http.models import IdempotencyKey
from mallard.kernel.http.rendering import dump_json
from mallard.kernel.secrets.services import blind_index, open_keys

logger = logging.getLogger(__name__)

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
    with prepared.together(until_commit=True):
        reply = work()
        _store(caller, route, key, reply)
    return reply


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """One request of a route whose requests may be answered together."""

    actor: Actor
    key: str | None
    content: bytes
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


Together = Callable[[Sequence[Call], Callable[[], Sequence[Call]]], Sequence[Any]]
"""Does the work of several requests of one actor in the caller's transaction. It may ask what it
needs to know of all of them (`prepared.ask`); then it has itself told which ones are new, does
those, and returns for each what the route's function would return, or None where it would
refuse."""


def _do_together(
    calls: Sequence[Call], *, route: str, work: Together, moves_value: bool
) -> Sequence[Reply | None]:
    """The reply to each call; None where it has to be done alone, and nothing was done of it.

    One that cannot be done must not spoil the others: then each is done alone, and meets its own
    error.
    """
    try:
        return _each_once(calls, route=route, work=work, moves_value=moves_value)
    except Exception as error:
        if len(calls) == 1:
            raise
        logger.warning(
            "gathering_failed", extra={"error": type(error).__name__, "requests": len(calls)}
        )
        return [None] * len(calls)


@atomic_retrying
def _each_once(
    calls: Sequence[Call], *, route: str, work: Together, moves_value: bool
) -> list[Reply | None]:
    caller = caller_of(calls[0].actor)
    by_key = {call.key: call for call in reversed(calls) if call.key is not None}
    with prepared.together(until_commit=True):
        first_keys = _first_keys_soon(caller, route, by_key, moves_value=moves_value)
        mine: list[Call] = []

        def new() -> Sequence[Call]:
            keys = first_keys()
            # Repeated among themselves or from before: they find the first one's answer alone.
            mine[:] = [c for c in calls if c.key is None or (c.key in keys and by_key[c.key] is c)]
            return mine

        results = work(calls, new)
        replies = {
            id(call): _reply(result, None)
            for call, result in zip(mine, results, strict=True)
            if result is not None
        }
        _store_each(caller, route, [(c.key, replies.get(id(c))) for c in mine if c.key])
    return [replies.get(id(call)) for call in calls]


def _first_keys_soon(
    caller: str, route: str, by_key: dict[str, Call], *, moves_value: bool
) -> Callable[[], set[str]]:
    """Write the keys, in one order for everybody; the result gives those that were not there."""
    if not by_key:
        return set
    keys = sorted(by_key)
    answer = ask(
        "INSERT INTO http_idempotency_key"
        " (caller, route, key, content_digest, is_kept, recorded_at)"
        " SELECT %s, %s, key, digest, %s, %s"
        " FROM unnest(%s::text[], %s::bytea[]) AS t(key, digest)"
        " ON CONFLICT DO NOTHING RETURNING key",
        [
            caller, route, moves_value, clock.now(), keys,
            [_digest(by_key[key].content) for key in keys],
        ],
    )  # fmt: skip
    return lambda: {row[0] for row in answer.rows()}


def _store_each(caller: str, route: str, replies: Sequence[tuple[str, Reply | None]]) -> None:
    done = [(key, reply) for key, reply in replies if reply is not None]
    refused = [key for key, reply in replies if reply is None]
    if done:
        send(
            "UPDATE http_idempotency_key k SET status = t.status, reply = t.reply"
            " FROM unnest(%s::text[], %s::int[], %s::bytea[]) AS t(key, status, reply)"
            " WHERE k.caller = %s AND k.route = %s AND k.key = t.key",
            [
                [key for key, _reply in done],
                [reply.status for _key, reply in done],
                [reply.body for _key, reply in done],
                caller,
                route,
            ],
        )
    if refused:
        send(
            "DELETE FROM http_idempotency_key"
            " WHERE caller = %s AND route = %s AND key = ANY(%s::text[])",
            [caller, route, refused],
        )


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
    send(
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
    together: Together | None = None,
) -> Callable[[View], View]:
    """Make a route repeatable under the caller's ``Idempotency-Key`` header.

    Goes under `requires`, next to the function. ``personal_of`` takes the function's result and
    names the member whose personal data the reply holds, so that the stored copy is sealed under
    that member's data key. Without the header the route runs as usual, unless ``is_required``.
    ``together`` answers requests of one actor that wait at the same time in one transaction; what
    it answers holds no personal data.
    """
    if together is not None and personal_of is not None:
        raise TypeError("replies that are sealed are made one by one")

    def decorate(view: View) -> View:
        route = f"{view.__module__.removeprefix('mallard.')}.{view.__name__}"[-100:]
        gathering: Gathering[Call, Reply] | None = together and Gathering(
            partial(_do_together, route=route, work=together, moves_value=moves_value)
        )

        @wraps(view)
        def once(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            key = _key_of(request)
            if key is None and is_required:
                raise IdempotencyKeyNeeded()
            if key is None and gathering is None:
                return view(request, *args, **kwargs)
            actor = actor_of(request)
            content = _content(request) if key is not None else b""
            if gathering is not None:
                done = gathering.join(_group(actor), Call(actor, key, content, args, kwargs))
                if done is not None:
                    return _response(done)
            if key is None:
                return view(request, *args, **kwargs)

            def work() -> Reply:
                result = view(request, *args, **kwargs)
                return _reply(result, personal_of(result) if personal_of else None)

            reply = run_once(
                caller=caller_of(actor),
                route=route,
                key=key,
                content=content,
                work=work,
                moves_value=moves_value,
            )
            return _response(reply)

        once.gathering = gathering  # type: ignore[attr-defined]
        once.takes_idempotency_key = "required" if is_required else "optional"  # type: ignore[attr-defined]
        return cast(View, once)

    return decorate


def _key_of(request: HttpRequest) -> str | None:
    key = request.headers.get(HEADER)
    if key is None:
        return None
    if not (1 <= len(key) <= MAX_KEY_LENGTH and key.isascii() and key.isprintable()):
        raise IdempotencyKeyInvalid()
    return key


def _group(actor: Actor) -> Hashable:
    """Who may be answered together: requests of the same caller with the same rights."""
    return (actor.kind, actor.id, actor.label, actor.permissions, actor.scope, actor.everything)


def _response(reply: Reply) -> HttpResponse:
    response = HttpResponse(
        reply.body, status=reply.status, content_type="application/json; charset=utf-8"
    )
    if reply.is_replay:
        response[REPLAYED_HEADER] = "true"
    return response


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
