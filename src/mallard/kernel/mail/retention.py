"""How long mails are kept once they are sent or given up."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from mallard.kernel import clock
from mallard.kernel.mail.models import Mail, MailStatus
from mallard.kernel.mail.settings import KEPT_DAYS
from mallard.kernel.retention.declaration import keep_for
from mallard.kernel.retention.pruning import batches


def old_mails() -> QuerySet[Mail]:
    """Mails that are settled and older than the setting says."""
    before = clock.now() - dt.timedelta(days=KEPT_DAYS.value)
    return Mail.objects.filter(queued_at__lt=before).exclude(status=MailStatus.QUEUED)


keep_for("mail.Mail", KEPT_DAYS, prune=batches(old_mails))
