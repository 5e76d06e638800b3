"""How long tasks are kept."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.retention.declaration import keep_for_ever

keep_for_ever("tasks", because=_("who was asked what and did it stays known"))
