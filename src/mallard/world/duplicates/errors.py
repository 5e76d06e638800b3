"""Refusals about duplicates."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.errors import Conflict, NotFound


class PairNotFound(NotFound):
    code = "duplicates.not_found"
    message = _("We could not find this pair.")


class DecidedAlready(Conflict):
    code = "duplicates.decided_already"
    message = _("Somebody has decided about this pair already. Please look again.")
