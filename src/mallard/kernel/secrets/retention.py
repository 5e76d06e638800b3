"""How long keys are kept."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.retention.declaration import keep_for, keep_for_ever

keep_for("secrets.WrappedKey", _("Until the person is erased"), prune=None)
keep_for_ever("secrets.Erasure", because=_("a restored backup must erase again who was erased"))
keep_for_ever("secrets.RingMark", because=_("one row: which key ring belongs to this database"))
