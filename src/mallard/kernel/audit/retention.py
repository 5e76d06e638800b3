"""How long the audit log is kept."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.retention.declaration import keep_for_ever

keep_for_ever(
    "audit",
    because=_("an entry taken out would break the chain; personal details go with the data key"),
)
