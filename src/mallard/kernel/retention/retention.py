"""What other packages' tables keep, since they cannot say so themselves."""

from __future__ import annotations

from django.contrib.sessions.models import Session
from django.utils.translation import gettext_lazy as _

from mallard.kernel import clock
from mallard.kernel.retention.declaration import keep_for, keep_for_ever
from mallard.kernel.retention.pruning import batches

keep_for(
    "sessions.Session",
    _("Until it ends"),
    prune=batches(lambda: Session.objects.filter(expire_date__lt=clock.now())),
)
keep_for_ever("contenttypes", because=_("names of tables, one row each"))
keep_for_ever("auth", because=_("not used: roles are in code"))
