"""Refusals about corrections."""

from django.utils.translation import gettext_lazy as _

from mallard.kernel.errors import Conflict, Forbidden, Invalid, NotFound


class CorrectionNotFound(NotFound):
    code = "corrections.not_found"
    message = _("There is no such correction, or you may not see it.")


class FieldUnknown(Invalid):
    code = "corrections.field_unknown"
    message = _("This cannot be corrected here.")


class NothingToCorrect(Invalid):
    code = "corrections.nothing_to_correct"
    message = _("This is the present value already.")


class ReasonNeeded(Invalid):
    code = "corrections.reason_needed"
    message = _("Say why, in 1 to 500 characters.")


class CorrectionDecided(Conflict):
    code = "corrections.decided"
    message = _("This correction is decided already.")


class CorrectionStale(Conflict):
    code = "corrections.stale"
    message = _(
        "The value has changed since it was proposed. Look at it, then tick that you saw it."
    )


class OwnCorrection(Forbidden):
    code = "corrections.own"
    message = _("Somebody else decides about what you proposed yourself.")
