"""What one may do with lists."""

from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.permissions import declare

VIEW_LIST = declare("lists.view_list", _("See lists of members"))
EDIT_LIST = declare("lists.edit_list", _("Make lists of members and fill them"))
EDIT_EVERY_LIST = declare(
    "lists.edit_every_list", _("See and change lists of members that others own")
)
