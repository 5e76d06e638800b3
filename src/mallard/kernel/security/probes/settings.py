"""The operator's settings, as `mallard config check` sees them."""

from __future__ import annotations

import os

from django.utils.translation import gettext_lazy as _

from mallard.kernel.configuration import faults
from mallard.kernel.health.registry import Finding, failure, warning, well


def faults_found() -> list[Finding]:
    """Every fault of the environment; it never repeats a secret."""
    found = [
        (failure if fault.level == "error" else warning)(
            _("%(variable)s is not right."),
            cause="%(sentence)s",
            cure=_("Change it and start Mallard again; `mallard config check` says whether it is."),
            variable=fault.variable,
            sentence=fault.sentence,
        )
        for fault in faults(os.environ)
    ]
    return found or [well(_("The settings are fine."))]
