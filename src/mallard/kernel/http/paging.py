"""Pages of a list by cursor: stable while rows arrive, as fast on page 1,000 as on the first."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.signing import b64_decode, b64_encode
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from ninja import Field, Query, Schema

from mallard.kernel.errors import Invalid

DEFAULT_LIMIT = 50
MAX_LIMIT = 500
MAX_CURSOR_LENGTH = 1000

Item = TypeVar("Item")
Row = TypeVar("Row", bound=Model)


class CursorInvalid(Invalid):
    code = "http.cursor_invalid"
    status = 400
    message = _("This cursor does not belong to this list. Start again from the first page.")


class Page(Schema, Generic[Item]):
    """One page. Ask for the next with ``cursor=<next_cursor>``; null means this was the last."""

    items: list[Item]
    next_cursor: str | None = Field(None, description="Opaque; valid for this list only.")


class PageQuery(Schema):
    """The query parameters of a list."""

    cursor: str | None = Field(None, max_length=MAX_CURSOR_LENGTH)
    limit: int = Field(DEFAULT_LIMIT, ge=1, le=MAX_LIMIT)


PageParameters = Annotated[PageQuery, Query()]


@dataclass(frozen=True, slots=True)
class Slice(Generic[Row]):
    """The rows of a page and the cursor of the next one."""

    rows: list[Row]
    next_cursor: str | None


def paginate(
    queryset: QuerySet[Row], *, order: Sequence[str], cursor: str | None, limit: int, name: str
) -> Slice[Row]:
    """One page of ``queryset``.

    ``order`` names columns of the row itself, all ascending or all descending (``-``), none of
    them NULL, the last one unique; put an index on them. ``name`` identifies the list
    (``"members"``): a cursor of another list raises `CursorInvalid`, as does one that was changed.
    """
    columns = [column.removeprefix("-") for column in order]
    is_descending = order[0].startswith("-")
    if any(column.startswith("-") != is_descending for column in order):
        raise ValueError("a page is ordered all ascending or all descending")
    if not 1 <= limit <= MAX_LIMIT:
        raise ValueError(f"limit is 1 to {MAX_LIMIT}")
    purpose = f"{name} {','.join(order)}"
    if cursor:
        queryset = queryset.filter(_after(columns, _read(cursor, purpose), is_descending))
    rows = list(queryset.order_by(*order)[: limit + 1])
    if len(rows) <= limit:
        return Slice(rows, None)
    rows = rows[:limit]
    return Slice(rows, _write([getattr(rows[-1], column) for column in columns], purpose))


def _after(columns: Sequence[str], values: Sequence[Any], is_descending: bool) -> Q:
    """(a, b) > (x, y), spelled so that an index on (a, b) serves it: a >= x and (a > x or …)."""
    if len(columns) != len(values):
        raise CursorInvalid()
    beyond = "lt" if is_descending else "gt"
    condition = Q(**{f"{columns[-1]}__{beyond}": values[-1]})
    for column, value in zip(reversed(columns[:-1]), reversed(values[:-1]), strict=True):
        condition = Q(**{f"{column}__{beyond}e": value}) & (
            Q(**{f"{column}__{beyond}": value}) | condition
        )
    return condition


_TYPES: dict[str, Callable[[str], Any]] = {
    "u": UUID,
    "t": dt.datetime.fromisoformat,
    "d": dt.date.fromisoformat,
}


def _write(values: Sequence[Any], purpose: str) -> str:
    plain = []
    for value in values:
        if isinstance(value, UUID):
            plain.append(["u", str(value)])
        elif isinstance(value, dt.datetime):
            plain.append(["t", value.isoformat()])
        elif isinstance(value, dt.date):
            plain.append(["d", value.isoformat()])
        else:
            plain.append(["", value])
    nonce = secrets.token_bytes(12)
    sealed = _cipher(settings.SECRET_KEY).encrypt(nonce, orjson.dumps(plain), purpose.encode())
    return b64_encode(nonce + sealed).decode()


def _read(cursor: str, purpose: str) -> list[Any]:
    try:
        raw = b64_decode(cursor.encode("ascii"))
        plain = _cipher(settings.SECRET_KEY).decrypt(raw[:12], raw[12:], purpose.encode())
    except (InvalidTag, ValueError):
        raise CursorInvalid() from None
    return [_TYPES[kind](value) if kind else value for kind, value in orjson.loads(plain)]


@lru_cache(maxsize=2)
def _cipher(secret: str) -> AESGCM:
    """Encrypted, not only signed: a cursor holds a row's values, which are nobody's business."""
    info = b"mallard page cursor"
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(secret.encode())
    return AESGCM(key)
