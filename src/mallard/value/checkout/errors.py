"""What can be wrong with a whole batch."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.errors import Invalid


class BatchTooLarge(Invalid):
    code = "checkout.batch_too_large"
    message = _("Send at most %(most)s items at once; this batch has %(count)s.")
