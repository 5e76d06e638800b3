"""What can be wrong with a whole batch, or with naming the member of a sale."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.errors import Conflict, Invalid


class BatchTooLarge(Invalid):
    code = "checkout.batch_too_large"
    message = _("Send at most %(most)s items at once; this batch has %(count)s.")


class ReceiptHasMember(Conflict):
    code = "checkout.receipt_has_member"
    message = _("Receipt %(number)s has its member already.")


class MemberNotOpen(Conflict):
    code = "checkout.member_not_open"
    message = _("This membership is closed: it earns nothing more.")


class NothingKept(Conflict):
    code = "checkout.nothing_kept"
    message = _("Everything on receipt %(number)s has come back: it earns nothing.")
