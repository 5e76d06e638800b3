"""How a point in time is read from what the server sends.

Django's loader is a subclass of psycopg's loader in Python, which reads by a regular expression;
psycopg's own in C takes a tenth of the time, and a page reads hundreds.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

import psycopg
from psycopg.abc import AdaptContext, Buffer
from psycopg.adapt import Loader
from psycopg.pq import Format

_OID = psycopg.adapters.types["timestamptz"].oid
_Psycopgs = cast("type[Loader]", psycopg.adapters.get_loader(_OID, Format.TEXT))


class UtcLoader(Loader):
    """psycopg's own loader, for connections whose time zone is UTC.

    ``timezone`` is what Django compares with the zone that it wants before it uses a cursor.
    """

    timezone = dt.UTC

    def __init__(self, oid: int, context: AdaptContext | None = None) -> None:
        super().__init__(oid, context)
        # The C loader cannot be subclassed, and a method around it would cost as much as it does.
        self.load = _Psycopgs(oid, context).load  # type: ignore[method-assign]

    def load(self, data: Buffer) -> dt.datetime:
        raise NotImplementedError  # each loader has its own


def read_quickly(connection: psycopg.Connection[Any]) -> None:
    """Have this connection's points in time read by `UtcLoader`."""
    connection.adapters.register_loader("timestamptz", UtcLoader)
