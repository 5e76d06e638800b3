"""What one may do with privacy requests. Erasing takes the members' own permission besides."""

from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.permissions import declare

VIEW_REQUEST = declare("privacy.view_request", _("See privacy requests of members"))
HANDLE_REQUEST = declare("privacy.handle_request", _("Record and answer privacy requests"))
