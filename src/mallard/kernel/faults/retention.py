"""How long errors are kept."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from mallard.kernel import clock
from mallard.kernel.faults.models import Fault
from mallard.kernel.retention.declaration import keep_for
from mallard.kernel.retention.pruning import batches

KEPT_DAYS = 90

keep_for(
    "faults.Fault",
    _("90 days after it last came; 500 kinds at most"),
    prune=batches(
        lambda: Fault.objects.filter(last_at__lt=clock.now() - dt.timedelta(days=KEPT_DAYS))
    ),
)
