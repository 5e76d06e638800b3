"""How long accounts, links and the log of sign-ins are kept."""

from __future__ import annotations

import datetime as dt

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.utils.translation import gettext_lazy as _

from mallard.kernel import clock
from mallard.kernel.retention.declaration import keep_for, keep_for_ever, keep_with
from mallard.kernel.retention.pruning import batches
from mallard.world.staff.models import ResetLink, StaffSession
from mallard.world.staff.settings import SIGN_IN_LOG_DAYS

LINK_DAYS = 7


def _log_ends() -> dt.datetime:
    return clock.now() - dt.timedelta(days=SIGN_IN_LOG_DAYS.value)


keep_for_ever("staff", because=_("who did what stays known; a leaver's account is closed"))
keep_for(
    "staff.ResetLink",
    _("A week after it expired"),
    prune=batches(
        lambda: ResetLink.objects.filter(expires_at__lt=clock.now() - dt.timedelta(days=LINK_DAYS))
    ),
)
keep_for(
    "staff.StaffSession",
    SIGN_IN_LOG_DAYS,
    prune=batches(lambda: StaffSession.objects.filter(last_seen_at__lt=_log_ends())),
)
keep_for(
    "axes.AccessLog",
    SIGN_IN_LOG_DAYS,
    prune=batches(lambda: AccessLog.objects.filter(attempt_time__lt=_log_ends())),
)
keep_for(
    "axes.AccessFailureLog",
    SIGN_IN_LOG_DAYS,
    prune=batches(lambda: AccessFailureLog.objects.filter(attempt_time__lt=_log_ends())),
)
keep_for(
    "axes.AccessAttempt",
    _("A day after the last try; a lock-out is shorter"),
    prune=batches(
        lambda: AccessAttempt.objects.filter(attempt_time__lt=clock.now() - dt.timedelta(days=1))
    ),
)
keep_with("axes.AccessAttemptExpiration", "axes.AccessAttempt")
