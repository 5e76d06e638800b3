"""What staff may do about members' ways in."""

from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.permissions import declare

MAKE_LINK = declare("memberweb.make_link", _("Let members into their own page by a link"))
