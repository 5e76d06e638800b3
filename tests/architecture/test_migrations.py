"""No model changed without a migration, and no migration takes away what old code needs."""

from __future__ import annotations

import pytest
from django.db import migrations, models
from django.db.migrations.operations.base import Operation

from tools.additive import faults_of, subtractions
from tools.migrations import missing_migrations


def test_no_migration_is_missing() -> None:
    assert missing_migrations() == []


def test_migrations_since_the_last_release_only_add() -> None:
    assert subtractions() == []


class Careless(migrations.Migration):
    """A migration with these operations."""

    def __init__(self, *operations: Operation) -> None:
        super().__init__("careless", "members")
        self.operations = list(operations)


NEEDED = models.IntegerField()


@pytest.mark.parametrize(
    "operation",
    [
        migrations.RemoveField("member", "language"),
        migrations.RenameField("member", "number", "card_number"),
        migrations.RenameModel("Member", "Person"),
        migrations.DeleteModel("Member"),
        migrations.AddField("member", "height", NEEDED),
        migrations.RunSQL("ALTER TABLE members_member DROP COLUMN language"),
        migrations.SeparateDatabaseAndState([migrations.RemoveField("member", "language")]),
    ],
    ids=lambda operation: type(operation).__name__,
)
def test_what_old_code_would_not_survive_is_named(operation: Operation) -> None:
    assert len(list(faults_of(Careless(operation), {"member"}))) == 1


@pytest.mark.parametrize(
    "operation",
    [
        migrations.AddField("member", "height", models.IntegerField(null=True)),
        migrations.AddField("member", "height", models.IntegerField(db_default=0)),
        migrations.CreateModel("Height", [("id", models.BigAutoField(primary_key=True))]),
        migrations.RemoveField("height", "cm"),
        migrations.RunSQL("CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON t"),
    ],
    ids=["null", "db_default", "new table", "table of no release", "trigger"],
)
def test_what_only_adds_passes(operation: Operation) -> None:
    assert list(faults_of(Careless(operation), {"member"})) == []
