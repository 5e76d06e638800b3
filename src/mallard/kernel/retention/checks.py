"""Whether what is too old was deleted, for the health page."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from mallard.kernel.health.queries import age_of, is_younger_than, latest_evidence
from mallard.kernel.health.registry import Finding, register_check, warning, well
from mallard.kernel.retention.services import ENFORCED

ENFORCE_WITHIN = dt.timedelta(days=1)


def register() -> None:
    """Make the check known."""
    register_check("retention", _("Retention"), old_rows_go, order=70)


def old_rows_go() -> Finding:
    """The pruning has run within a day and left nothing that is too old."""
    evidence = latest_evidence(ENFORCED)
    if evidence is None and is_younger_than(ENFORCE_WITHIN):
        return well(_("Nothing was deleted yet: the first time is within the hour."))
    if evidence is None or age_of(evidence.found_at) > ENFORCE_WITHIN:
        return warning(
            _("Old data was not deleted lately."),
            cause=_("The hourly job has not run."),
            cure=_("Start the worker."),
        )
    if not evidence.is_good:
        return warning(
            _("Not all old data could be deleted."),
            cause=_("There is very much of it, or the pruning of a table failed."),
            cure=_("It goes on every hour. If it stays, look for “retention_failed” in the log."),
        )
    minutes = int(age_of(evidence.found_at).total_seconds() // 60)
    return well(_("Old data was deleted %(minutes)s minutes ago."), minutes=minutes)
