"""What one may do with webhooks."""

from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.permissions import declare

VIEW_WEBHOOK = declare("webhooks.view_webhook", _("See webhooks and what they sent"))
MANAGE_WEBHOOK = declare("webhooks.manage_webhook", _("Set up webhooks and send again"))
