"""The certificate that readers' browsers see at the public address."""

from __future__ import annotations

import datetime as dt
import socket
import ssl
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from mallard.kernel.environment import environment
from mallard.kernel.health.registry import Finding, failure, warning, well

TIMEOUT_SECONDS = 5
SOON_DAYS, URGENT_DAYS = 21, 5


def is_valid() -> Finding:
    """The certificate of the base URL is trusted and does not run out soon."""
    return certificate_of(environment().base_url, context=ssl.create_default_context())


def certificate_of(base_url: str, *, context: ssl.SSLContext) -> Finding:
    """What the server at ``base_url`` shows."""
    url = urlsplit(base_url)
    if url.scheme != "https":
        return well(_("Mallard is reached without TLS; there is no certificate."))
    host = url.hostname or ""
    try:
        with (
            socket.create_connection((host, url.port or 443), timeout=TIMEOUT_SECONDS) as plain,
            context.wrap_socket(plain, server_hostname=host) as tls,
        ):
            ends = ssl.cert_time_to_seconds(str((tls.getpeercert() or {})["notAfter"]))
    except ssl.SSLCertVerificationError as error:
        return failure(
            _("The certificate of %(host)s is not trusted."),
            cause="%(reason)s",
            cure=_("Renew the certificate at the proxy and reload it."),
            host=host,
            reason=error.verify_message,
        )
    except OSError as error:
        return warning(
            _("The certificate of %(host)s could not be read."),
            cause=_("The connection ended with %(error)s."),
            cure=_("Check MALLARD_BASE_URL, and that this machine can reach that address."),
            host=host,
            error=type(error).__name__,
        )
    return _time_left(host, dt.datetime.fromtimestamp(ends, dt.UTC))


def _time_left(host: str, ends_at: dt.datetime) -> Finding:
    # The machine's clock, as browsers use theirs: certificates know nothing of ours.
    days = (ends_at - dt.datetime.now(dt.UTC)).days
    if days >= SOON_DAYS:
        return well(
            _("The certificate of %(host)s is good for %(days)s days."), host=host, days=days
        )
    say = failure if days < URGENT_DAYS else warning
    return say(
        _("The certificate of %(host)s runs out in %(days)s days."),
        cause=_("It was not renewed."),
        cure=_("Renew the certificate at the proxy and reload it."),
        host=host,
        days=days,
    )
