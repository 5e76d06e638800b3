"""What one may do with retention."""

from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.permissions import declare

VIEW_RETENTION = declare("retention.view_retention", _("See how long data is kept"))
