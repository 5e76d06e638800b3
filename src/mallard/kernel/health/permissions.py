"""What one may do with health."""

from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.permissions import declare

VIEW_HEALTH = declare("health.view_health", _("See whether the installation is well"))
