"""What one may do with errors. Seeing them goes with seeing health."""

from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.permissions import declare

RESOLVE_FAULT = declare("faults.resolve_fault", _("Mark errors as resolved"))
