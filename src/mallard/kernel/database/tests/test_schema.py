from __future__ import annotations

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from mallard.kernel.database.errors import NewerTables
from mallard.kernel.database.schema import (
    pending_migrations,
    refuse_newer_tables,
    unknown_among,
)

pytestmark = pytest.mark.django_db


def test_tables_in_step_are_neither_behind_nor_ahead() -> None:
    assert pending_migrations() == []
    refuse_newer_tables()


def test_tables_that_a_newer_mallard_changed_are_refused() -> None:
    MigrationRecorder(connection).record_applied("secrets", "0099_of_tomorrow")
    with pytest.raises(NewerTables, match=r"secrets\.0099_of_tomorrow.*no way back in place"):
        refuse_newer_tables()


def test_what_is_missing_is_named() -> None:
    MigrationRecorder(connection).record_unapplied("secrets", "0002_register_is_append_only")
    assert pending_migrations() == ["secrets.0002_register_is_append_only"]


def test_migrations_of_apps_that_are_not_ours_to_judge_are_passed_over() -> None:
    assert unknown_among([("an_app_of_others", "0001_initial")]) == []
