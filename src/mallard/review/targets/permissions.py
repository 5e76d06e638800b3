"""What one may do with targets."""

from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.permissions import declare

VIEW_TARGET = declare("targets.view_target", _("See targets and their attainment"))
EDIT_TARGET = declare("targets.edit_target", _("Set targets of whole malls"))
