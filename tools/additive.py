"""Refuses migrations that code of the release before could not live with.

While an upgrade rolls through several processes, old code works on the new tables: nothing that
it reads may go or change its name, and a row that it writes must stay possible. What counts is in
the last release's dump (`tests/upgrade/releases`): a table of no release yet may change freely.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from django.db import migrations, models
from django.db.migrations import Migration
from django.db.migrations.operations.base import Operation

from tools.setup import ROOT, own_apps, start_django

RELEASES = ROOT / "tests" / "upgrade" / "releases"
TAKES_AWAY = (
    migrations.DeleteModel,
    migrations.RemoveField,
    migrations.RenameField,
    migrations.RenameModel,
    migrations.AlterModelTable,
)
SQL_TAKES_AWAY = re.compile(
    r"\b(DROP\s+(TABLE|COLUMN|TYPE)|RENAME\s+(TO|COLUMN)|SET\s+NOT\s+NULL)\b", re.I
)
# `app.migration`, with the reason why old code survives it all the same.
SURVIVED: dict[str, str] = {}


def newest_release() -> Path:
    """The folder of the last release's dump."""
    return max(RELEASES.iterdir(), key=lambda folder: [int(n) for n in folder.name.split(".")])


def released(folder: Path) -> tuple[set[tuple[str, str]], set[str]]:
    """The migrations that a release had applied, and its tables."""
    rows = (folder / "data.sql").read_text("utf-8")
    block = re.search(r"^COPY public\.django_migrations .*?\n(.*?)^\\\.$", rows, re.M | re.S)
    if block is None:
        raise ValueError(f"{folder} does not say which migrations it has")
    applied = {tuple(line.split("\t")[1:3]) for line in block[1].splitlines()}
    tables = re.findall(r"^CREATE TABLE public\.(\S+)", (folder / "pre-data.sql").read_text(), re.M)
    return {(app, name) for app, name in applied}, set(tables)


def subtractions() -> list[str]:
    """A line for every operation since the last release that old code would not survive."""
    from django.apps import apps
    from django.db.migrations.loader import MigrationLoader

    applied, tables = released(newest_release())
    loader = MigrationLoader(None)
    ours = {app.label for app in own_apps()}
    found = []
    for key, migration in sorted(loader.disk_migrations.items()):
        name = ".".join(key)
        if key[0] not in ours or key in applied or name in SURVIVED:
            continue
        known = {
            model._meta.model_name
            for model in apps.get_app_config(key[0]).get_models(include_auto_created=True)
            if model._meta.db_table in tables
        }
        found += [f"{name}: {fault}" for fault in faults_of(migration, known)]
    return found


def faults_of(migration: Migration, known: set[str | None]) -> Iterator[str]:
    """What ``migration`` takes away from the models in ``known`` (names in small letters)."""
    for operation in _operations(migration):
        if isinstance(operation, migrations.RunSQL):
            text = str(operation.sql)
            if SQL_TAKES_AWAY.search(text):
                yield f"its SQL takes away or changes names: {text[:80]}"
            continue
        model = getattr(operation, "model_name", None) or getattr(operation, "name", "")
        old_name = getattr(operation, "old_name", "")
        if not known & {str(model).lower(), str(old_name).lower()}:
            if isinstance(operation, migrations.DeleteModel):
                yield operation.describe()  # a released model that is gone is not known any more
            continue
        if isinstance(operation, TAKES_AWAY):
            yield operation.describe()
        elif isinstance(operation, migrations.AddField) and _old_rows_lack(operation.field):
            yield f"{operation.describe()}: old code leaves it out; give it null or db_default"


def _operations(migration: Migration) -> Iterator[Operation]:
    for operation in migration.operations:
        if isinstance(operation, migrations.SeparateDatabaseAndState):
            yield from operation.database_operations
        else:
            yield operation


def _old_rows_lack(field: models.Field) -> bool:
    """Whether an INSERT that does not name the field fails."""
    return not (
        field.null
        or field.has_db_default()
        or field.many_to_many
        or isinstance(field, models.AutoField | models.GeneratedField)
    )


def main() -> int:
    start_django()
    found = subtractions()
    for line in found:
        print(line, file=sys.stderr)
    print(f"Migrations since {newest_release().name}:", "take away" if found else "only add")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
