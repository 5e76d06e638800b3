"""How long reports are kept."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from mallard.kernel import clock
from mallard.kernel.retention.declaration import keep_for
from mallard.kernel.retention.pruning import batches
from mallard.kernel.security.models import SecurityReport

KEPT_DAYS = 800

keep_for(
    "security.SecurityReport",
    _("Two years and a bit, so that two audits see them"),
    prune=batches(
        lambda: SecurityReport.objects.filter(
            checked_at__lt=clock.now() - dt.timedelta(days=KEPT_DAYS)
        )
    ),
)
