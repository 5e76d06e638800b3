"""Refusals about the place."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.errors import Conflict, Forbidden


class OutsideScope(Forbidden):
    code = "malls.outside_scope"
    message = _("This reaches beyond the malls and stores that you look after.")


class GroupExists(Conflict):
    code = "malls.group_exists"
    message = _("This installation serves another group already.")
