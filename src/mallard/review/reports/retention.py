"""How long readings are kept."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.retention.declaration import keep_for
from mallard.review.reports import services

keep_for("reports.Reading", _("400 days, so that a year can be compared"), prune=services.prune)
