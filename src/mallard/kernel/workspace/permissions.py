"""What one may do with what people keep."""

from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.permissions import declare

MANAGE_VIEW = declare("workspace.manage_view", _("Change and delete views that others share"))
