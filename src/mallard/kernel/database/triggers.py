"""Triggers that let the database itself keep a promise of the model."""

from __future__ import annotations

from django.db import migrations

REFUSAL_SQLSTATE = "MA001"
"""SQLSTATE of a refused edit. Class MA is ours: PostgreSQL and the standard do not use it."""

_FUNCTION = "mallard_refuse_edit"

# One function for all tables. CREATE OR REPLACE, so that each migration stands alone; never
# dropped, because other tables' triggers may still use it.
_CREATE_FUNCTION = f"""
CREATE OR REPLACE FUNCTION {_FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = '{REFUSAL_SQLSTATE}', TABLE = TG_TABLE_NAME;
END
$$;
"""


def append_only(table: str) -> migrations.RunSQL:
    """A migration operation that makes ``table`` refuse UPDATE, DELETE and TRUNCATE.

    Reversible. A refused statement raises ``django.db.DatabaseError`` with SQLSTATE
    `REFUSAL_SQLSTATE`, even when it would have touched no row, so that a test needs no data and
    a wrong statement is found the first time it runs. Rows may not vanish by a cascade either.
    """
    name = _quoted(table)
    create_trigger = (
        f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {name} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {_FUNCTION}();"
    )
    return migrations.RunSQL(
        sql=[_CREATE_FUNCTION, create_trigger],
        reverse_sql=[f"DROP TRIGGER append_only ON {name};"],
    )


def _quoted(identifier: str) -> str:
    if not identifier or '"' in identifier or "%" in identifier or "\0" in identifier:
        raise ValueError(f"not a table name: {identifier!r}")
    return f'"{identifier}"'
