"""Refusals about targets."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.errors import Invalid


class TargetInvalid(Invalid):
    code = "targets.invalid"


class TooManyTargets(Invalid):
    code = "targets.too_many"
    message = _("At most %(limit)s targets at once.")
