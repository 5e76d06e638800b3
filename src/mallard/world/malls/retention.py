"""How long the rows of this app are kept."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.retention.declaration import keep_for_ever

keep_for_ever("malls", because=_("business records: closed, not deleted"))
keep_for_ever(
    "malls.TenantContact",
    because=_("until somebody removes the contact, which destroys its key"),
)
keep_for_ever("malls.OpeningHours", because=_("what holds now; the audit log tells what was said"))
