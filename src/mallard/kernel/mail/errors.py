"""What can be wrong with a mail."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.errors import Conflict, Invalid


class AddressInvalid(Invalid):
    code = "mail.address_invalid"
    message = _("This is not an e-mail address.")


class RecipientErased(Conflict):
    code = "mail.recipient_erased"
    message = _("This person has been erased and cannot be written to.")
