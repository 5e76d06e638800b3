"""What one may do with staff and keys."""

from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.permissions import declare

VIEW_STAFF = declare("staff.view_staff", _("See who works here"))
MANAGE_STAFF = declare("staff.manage_staff", _("Create staff and give roles"))
EDIT_ROLE = declare("staff.edit_role", _("Make and change the group's own roles"))
MANAGE_API_KEY = declare("staff.manage_api_key", _("Make and revoke API keys"))
SEE_AS_ROLE = declare("staff.see_as_role", _("See the console as a role would"))
