"""What one may do with files of members."""

from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.permissions import declare

IMPORT_MEMBERS = declare("intake.import_members", _("Import members from files and undo it"))
