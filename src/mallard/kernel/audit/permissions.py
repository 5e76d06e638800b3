"""What one may do with the audit log. Nobody may change it."""

from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.permissions import declare

VIEW_ENTRY = declare("audit.view_entry", _("Read the audit log"))
REVEAL_DETAIL = declare("audit.reveal_detail", _("See personal values in the audit log"))
VERIFY_LOG = declare("audit.verify_log", _("Verify the seal of the audit log"))
