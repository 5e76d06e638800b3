"""What one may do with data quality."""

from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.permissions import declare

VIEW_QUALITY = declare("quality.view_quality", _("See and measure the quality of members' data"))
