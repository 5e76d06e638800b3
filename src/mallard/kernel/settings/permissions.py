"""What one may do with settings."""

from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.permissions import declare

VIEW_SETTING = declare("settings.view_setting", _("See settings"))
CHANGE_SETTING = declare("settings.change_setting", _("Change settings"))
