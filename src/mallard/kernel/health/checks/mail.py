"""Outgoing mail: the server answers and mails do not fail."""

from __future__ import annotations

import datetime as dt
import smtplib

from django.utils.translation import gettext_lazy as _

from mallard.kernel import clock
from mallard.kernel.health.registry import Finding, failure, unset, warning, well
from mallard.kernel.mail.models import Mail, MailStatus
from mallard.kernel.mail.sending import connected, has_server

HANDSHAKE_SECONDS = 5


def server_answers() -> Finding:
    """The mail server greets us, takes our password, and nothing failed within a day.

    Never set up is another fault than a server that does not answer: there is nothing to repair.
    """
    try:
        with connected(timeout_seconds=HANDSHAKE_SECONDS) as client:
            client.noop()
    except (OSError, smtplib.SMTPException) as error:
        if not has_server():
            return unset(
                _(
                    "Mail is not set up: invitations, links for a new password and notices by mail"
                    " wait, and are given up after a day."
                ),
                cause=_("MALLARD_SMTP_URL is not set, and no mail server runs on this machine."),
                cure=_(
                    "Set MALLARD_SMTP_URL (`smtps://user:password@host:465`) and"
                    " MALLARD_MAIL_FROM, then start Mallard again. Accounts without mail:"
                    " `mallard staff create`."
                ),
            )
        return failure(
            _("The mail server does not answer."),
            cause=_("The connection ended with %(error)s."),
            cure=_("Check MALLARD_SMTP_URL and the way to that server. Mails wait meanwhile."),
            error=type(error).__name__,
        )
    day_ago = clock.now() - dt.timedelta(days=1)
    failed = Mail.objects.filter(status=MailStatus.FAILED, queued_at__gte=day_ago).count()
    if failed:
        return warning(
            _("%(count)s mails of the last day were given up."),
            cause=_("The server refused their recipients, or was away for a day."),
            cure=_("Check the addresses of the staff they were for, and the mail server's log."),
            count=failed,
        )
    return well(_("The mail server answers."))
