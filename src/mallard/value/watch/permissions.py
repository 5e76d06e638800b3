"""What one may do with the fraud watch. Freezing takes the wallets' own permission besides."""

from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.permissions import declare

VIEW_ALERT = declare("watch.view_alert", _("See fraud alerts and what gives them away"))
HANDLE_ALERT = declare("watch.handle_alert", _("Look into fraud alerts and decide them"))
EDIT_PATTERN = declare("watch.edit_pattern", _("Set the thresholds of the fraud watch"))
