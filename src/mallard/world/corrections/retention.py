"""How long corrections are kept."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.retention.declaration import keep_for_ever

keep_for_ever("corrections", because=_("who proposed what and who decided stays known"))
