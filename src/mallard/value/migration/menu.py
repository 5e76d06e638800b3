"""Migrations in the console's menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.ui.navigation import Entry
from mallard.kernel.ui.navigation import register as add
from mallard.value.migration.permissions import PREPARE


def register() -> None:
    """Offer the pages under Loyalty."""
    add(Entry("loyalty", _("Migration"), "migration:list", permission=PREPARE, order=90))
