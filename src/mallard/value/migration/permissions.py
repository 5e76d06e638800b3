"""Who may bring balances over, and who vouches for them."""

from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.permissions import declare

PREPARE = declare("migration.prepare", _("Bring points and tiers over from another system"))
SIGN = declare("migration.sign", _("Sign the control totals of a migration"))
