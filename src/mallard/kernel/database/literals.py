"""Python values as the text that PostgreSQL reads.

The busiest statements send their parameters as text and let the server infer the types, which
costs a fraction of psycopg's adaptation. Statements cast what cannot be inferred, arrays above
all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
from django.db import DataError
from psycopg.types.json import Json, Jsonb


def text_of(value: Any) -> bytes | None:
    """``value`` as a parameter: None, text, numbers, UUIDs, aware datetimes, dates, bytes, JSON
    (psycopg's ``Jsonb``), and lists of these. Raises Django's DataError for a NUL character, which
    no column keeps and which libpq would take for the end."""
    if value is None:
        return None
    written = _WRITERS.get(type(value), _written)(value)
    if b"\0" in written:
        raise DataError("text with a NUL character")
    return written


def _written(value: Any) -> bytes:
    return _text(value).encode()


def _uuid(value: UUID) -> bytes:
    return orjson.dumps(value)[1:-1]


def _array(values: list[Any]) -> bytes:
    """JSON's and PostgreSQL's notations agree on all but bytes, control characters in text and what
    JSON does not know, so the fast JSON writer makes the literal."""
    try:
        literal = orjson.dumps(values)
    except TypeError:
        return _slow_array(values).encode()
    if b"\\" in literal or b"[" in literal[1:]:
        return _slow_array(values).encode()
    return b"{%b}" % literal[1:-1]


# By the very type, for most values are of these; enumerations and the like go the long way.
_WRITERS: dict[type, Callable[[Any], bytes]] = {
    str: str.encode,
    int: b"%d".__mod__,
    UUID: _uuid,
    list: _array,
}


def _text(value: Any) -> str:
    if isinstance(value, str):
        return str(value)  # of an enum its value
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, (int, UUID, Decimal, float)):
        return str(value)
    if isinstance(value, (dt.datetime, dt.date)):
        return value.isoformat()
    if isinstance(value, (bytes, bytearray, memoryview)):
        return "\\x" + bytes(value).hex()
    if isinstance(value, (list, tuple)):
        return array(value)
    if isinstance(value, (Json, Jsonb)):
        return orjson.dumps(value.obj).decode()
    raise TypeError(f"{type(value).__name__} has no form here that PostgreSQL reads")


def array(values: Iterable[Any]) -> str:
    """One column as a PostgreSQL array literal, of whatever `text_of` takes."""
    return _array(values if isinstance(values, list) else list(values)).decode()


def _slow_array(column: list[Any]) -> str:
    return "{" + ",".join(map(_quoted, column)) + "}"


def _quoted(value: Any) -> str:
    if value is None:
        return "NULL"
    text = _text(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
