"""What one may do with corrections. Deciding takes the permission of the record itself."""

from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.permissions import declare

PROPOSE_CORRECTION = declare(
    "corrections.propose_correction", _("Propose corrections of records that one sees")
)
