"""Whether every receiver gets what it asked for, for the health page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.health.registry import Finding, register_check, warning, well
from mallard.kernel.webhooks.models import Subscription


def register() -> None:
    """Make the check known."""
    register_check("webhooks", _("Webhooks"), receivers_answer, is_quick=True, order=62)


def receivers_answer() -> Finding:
    """No webhook fails, and none was stopped by itself."""
    failing = Subscription.objects.filter(stopped_at=None).exclude(failing_since=None)
    stopped = Subscription.objects.filter(stop_reason__in=["failures", "gone"])
    names = sorted({each.name for each in (*failing, *stopped)})
    if names:
        return warning(
            _("Webhooks do not arrive: %(names)s."),
            cause=_("The receiver does not answer, or answers with an error."),
            cure=_("See the last answers on the webhook's page, mend the receiver, send again."),
            names=", ".join(names[:5]),
        )
    return well(_("Every webhook arrives."))
