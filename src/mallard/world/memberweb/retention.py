"""How long codes, links and sessions of members are kept."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mallard.kernel import clock
from mallard.kernel.retention.declaration import keep_for
from mallard.kernel.retention.pruning import batches
from mallard.world.memberweb.models import (
    CardCodeUse,
    CardPhone,
    MemberSession,
    SignInCode,
    SignInLink,
)


def _before(days: int) -> dt.datetime:
    return clock.now() - dt.timedelta(days=days)


keep_for(
    "memberweb.SignInCode",
    _("Two days after it was asked for"),
    prune=batches(lambda: SignInCode.objects.filter(requested_at__lt=_before(2))),
)
keep_for(
    "memberweb.SignInLink",
    _("A week after it expired; the audit log keeps who made it"),
    prune=batches(lambda: SignInLink.objects.filter(expires_at__lt=_before(7))),
)
keep_for(
    "memberweb.CardCodeUse",
    _("A month after the code was shown"),
    prune=batches(lambda: CardCodeUse.objects.filter(shown_at__lt=_before(30))),
)
keep_for(
    "memberweb.CardPhone",
    _("With its session; a month after another phone took its place"),
    prune=batches(lambda: CardPhone.objects.filter(withdrawn_at__lt=_before(30))),
)
keep_for(
    "memberweb.MemberSession",
    _("A month after it ended"),
    prune=batches(
        lambda: MemberSession.objects.filter(
            Q(ended_at__lt=_before(30)) | Q(expires_at__lt=_before(30))
        )
    ),
)
