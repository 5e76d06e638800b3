"""Background work: a worker lives, jobs move and succeed, events reach their listeners."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from mallard.kernel.health.queries import age_of
from mallard.kernel.health.registry import Finding, failure, warning, well
from mallard.kernel.jobs import queries as jobs
from mallard.kernel.outbox.queries import consumer_lags

SILENT_SECONDS = 60
SLOW = dt.timedelta(minutes=10)
STUCK = dt.timedelta(hours=1)


def worker_lives() -> Finding:
    """A worker has given a sign of life within the last minute."""
    seconds = jobs.seconds_since_heartbeat()
    if seconds is None or seconds > SILENT_SECONDS:
        return failure(
            _("No worker is running."),
            cause=_("The process `mallard worker` has stopped or cannot reach the database."),
            cure=_("Start `mallard up` or `mallard worker`, and read its log."),
        )
    return well(_("A worker gave a sign of life %(seconds)s s ago."), seconds=int(seconds))


def jobs_move() -> Finding:
    """No job has been due for long."""
    depth, due_at = jobs.waiting()
    waited = age_of(due_at) if due_at is not None else dt.timedelta()
    minutes = int(waited.total_seconds() // 60)
    if waited < SLOW:
        return well(_("%(count)s jobs wait."), count=depth)
    say = failure if waited >= STUCK else warning
    return say(
        _("%(count)s jobs wait, the oldest for %(minutes)s minutes."),
        cause=_("The worker is stopped, or has more to do than it can."),
        cure=_("See the jobs page for what is running; run another `mallard worker`."),
        count=depth,
        minutes=minutes,
    )


def jobs_succeed() -> Finding:
    """No job was given up within a day."""
    names = jobs.failed_names(within=dt.timedelta(days=1))
    if names:
        return warning(
            _("%(count)s jobs were given up within a day."),
            cause=_("They ended with an error each time they were tried: %(names)s."),
            cure=_("Read the reasons on the jobs page, remove them, and try again from there."),
            count=sum(names.values()),
            names=", ".join(sorted(names)[:5]),
        )
    return well(_("No job was given up within a day."))


def events_arrive() -> Finding:
    """Every listener is up to date."""
    behind = {}
    for lag in consumer_lags():
        waited = age_of(lag.oldest_at) if lag.oldest_at else dt.timedelta()
        if lag.failures or waited >= SLOW:
            behind[lag.name] = waited
    if not behind:
        return well(_("Every listener is up to date."))
    say = failure if max(behind.values()) >= STUCK else warning
    return say(
        _("Listeners are behind: %(names)s."),
        cause=_("They fail on an event, or the worker has more to do than it can."),
        cure=_("Look for “outbox.consumer_failed” in the log; nothing is lost meanwhile."),
        names=", ".join(sorted(behind)),
    )
