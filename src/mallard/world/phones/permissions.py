"""What one may do with members' phones."""

from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.permissions import declare

CHANGE_PHONE = declare("phones.change_phone", _("Change a member's phone at the desk"))
APPROVE_CHANGE = declare("phones.approve_change", _("Approve changes of phone by others"))
