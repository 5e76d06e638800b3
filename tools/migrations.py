"""Says whether a model changed without a migration, from the files alone: no database needed."""

from __future__ import annotations

import sys

from tools.setup import own_apps, start_django


def missing_migrations() -> list[str]:
    """A line for every change of our models that no migration carries, and for every conflict."""
    from django.apps import apps
    from django.db.migrations.autodetector import MigrationAutodetector
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.questioner import NonInteractiveMigrationQuestioner
    from django.db.migrations.state import ProjectState

    loader = MigrationLoader(None)
    ours = {app.label for app in own_apps()}
    # Django takes an app without a migrations folder as one that never changes.
    found = [
        f"{app.label}: has tables and no migrations"
        for app in own_apps()
        if app.label in loader.unmigrated_apps
        and any(model._meta.managed for model in app.get_models())
    ]
    found += [
        f"{label}: two migrations claim to be the last: {', '.join(sorted(names))}"
        for label, names in loader.detect_conflicts().items()
        if label in ours
    ]
    if found:
        return found
    detector = MigrationAutodetector(
        loader.project_state(),
        ProjectState.from_apps(apps),
        NonInteractiveMigrationQuestioner(specified_apps=ours, dry_run=True),
    )
    return [
        f"{label}: {operation.describe()}"
        for label, migrations in sorted(detector.changes(graph=loader.graph).items())
        if label in ours
        for migration in migrations
        for operation in migration.operations
    ]


def main() -> int:
    start_django()
    missing = missing_migrations()
    for line in missing:
        print(line, file=sys.stderr)
    print("Migrations:", "missing" if missing else "complete")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
