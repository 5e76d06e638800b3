"""What answers without a sign-in, and what is new among it since the last check."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.health.registry import Finding, warning, well
from mallard.kernel.security.addresses import open_addresses
from mallard.kernel.security.models import SecurityReport


def open_doors() -> list[Finding]:
    """The count, and each address that was not open the last time."""
    present = open_addresses()
    last = SecurityReport.objects.order_by("-checked_at", "-id").first()
    findings = [well(_("%(count)s addresses answer without a sign-in."), count=len(present))]
    before = set(last.addresses) if last is not None else set(present)
    findings += [
        warning(
            _("%(address)s answers without a sign-in, and did not at the last check."),
            cause=_("It came with an upgrade, or somebody changed the code."),
            cure=_("See the changelog. If it names no such page, find out who changed it."),
            address=address,
        )
        for address in present
        if address not in before
    ]
    return findings
