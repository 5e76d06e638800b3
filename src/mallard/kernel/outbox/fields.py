"""A column that remembers which transaction wrote the row."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Func


class CurrentTransaction(Func):
    """The id of the running transaction, assigned now if it has none yet."""

    function = "pg_current_xact_id"
    arity = 0


class TransactionIdField(models.Field):
    """PostgreSQL's `xid8`: 64 bits, never wraps; filled by the database, read as an integer.

    Rows are read in the order (transaction, id) and only below the oldest transaction that still
    runs. So a row that commits late can never appear behind a cursor that has already passed.
    """

    description = "Transaction id"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["editable"] = False
        kwargs["db_default"] = CurrentTransaction()
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["editable"], kwargs["db_default"]
        return name, path, args, kwargs

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "xid8"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> int | None:
        return None if value is None else int(value)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        # PostgreSQL casts a literal of unknown type to xid8, but not a bigint.
        return str(value) if isinstance(value, int) else value
