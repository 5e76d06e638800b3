"""Backups: how old the last one is, and when a restore was last tried."""

from __future__ import annotations

import datetime as dt
import json

from django.utils.translation import gettext_lazy as _

from mallard.kernel import clock
from mallard.kernel.backup.keeping import standing
from mallard.kernel.backup.shelf import RESTORED, shelf_of
from mallard.kernel.database.layout import Layout
from mallard.kernel.database.server import Server
from mallard.kernel.environment import environment
from mallard.kernel.health.registry import Finding, failure, unset, warning, well

OLD = dt.timedelta(hours=36)
MISSING = dt.timedelta(days=7)
UNTESTED = dt.timedelta(days=100)


def is_backed_up() -> Finding:
    """A backup was taken lately, and the log since then is kept."""
    settings = environment()
    if settings.database_url is not None:
        return well(_("The database is your own: its backups are yours."))
    found = standing(settings, Server(Layout(settings.home)))
    age = found.age(clock.now())
    cure = _(
        "Set MALLARD_BACKUP_FOLDER, or run `mallard backup`; its last lines say what is wrong."
    )
    if age is None:
        return unset(
            _("There is no backup."),
            cause=_("None was ever taken, or the folder of backups is not there."),
            cure=cure,
        )
    hours = int(age.total_seconds() // 3600)
    if found.has_overflowed or age > OLD:
        return (failure if age > MISSING else warning)(
            _("The last backup is %(hours)s hours old."),
            cause=_("Backups are not kept by themselves, or the folder could not be written."),
            cure=cure,
            hours=hours,
        )
    return well(_("The last backup is %(hours)s hours old."), hours=hours)


def is_restore_tested() -> Finding:
    """Somebody restored from these backups in the last quarter."""
    settings = environment()
    if settings.database_url is not None:
        return well(_("The database is your own: its backups are yours."))
    path = shelf_of(Layout(settings.home), settings.backup_path).place / RESTORED
    try:
        at = dt.datetime.fromisoformat(json.loads(path.read_text(encoding="utf-8"))["restored_at"])
    except (OSError, ValueError, KeyError):
        at = None
    if at is None or clock.now() - at > UNTESTED:
        return (unset if at is None else warning)(
            _("No restore was tried in the last quarter."),
            cause=_("A backup that was never restored may turn out not to be one."),
            cure=_("Restore into another folder: `mallard restore --to /somewhere/else`."),
        )
    return well(_("A restore was tried %(days)s days ago."), days=(clock.now() - at).days)
