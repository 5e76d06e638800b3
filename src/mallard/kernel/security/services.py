"""Looking at everything, keeping what was found, and telling who must act."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.utils import translation

from mallard.kernel import clock
from mallard.kernel.access.actor import Actor
from mallard.kernel.audit.services import record
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.health.registry import worst
from mallard.kernel.security.addresses import open_addresses
from mallard.kernel.security.models import SecurityReport
from mallard.kernel.security.registry import Probed, followers, run_probes


def check_security(*, actor: Actor) -> SecurityReport:
    """Run every probe, outside of a transaction: some ask the network. Then keep the report."""
    return keep_report(run_probes(), actor=actor)


@atomic_retrying
def keep_report(probed: Sequence[Probed], *, actor: Actor) -> SecurityReport:
    """Keep what was found; whoever registered as a follower acts on it in the same transaction."""
    status = worst([one.status for one in probed])
    report = SecurityReport.objects.create(
        checked_at=clock.now(),
        status=status.value,
        faults=sum(len(one.faults) for one in probed),
        texts=_in_every_language(probed),
        addresses=open_addresses(),
    )
    after = {"status": status.value, "faults": report.faults}
    record(actor, "security.checked", "security_report", report.id, after=after)
    for follow in followers():
        follow(probed)
    return report


def _in_every_language(probed: Sequence[Probed]) -> dict[str, list[dict[str, object]]]:
    texts: dict[str, list[dict[str, object]]] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            texts[language] = [
                {
                    "code": one.probe.code,
                    "title": str(one.probe.title),
                    "status": one.status.value,
                    "findings": [
                        {"status": finding.status.value, **finding.sentences()}
                        for finding in one.findings
                    ],
                }
                for one in probed
            ]
    return texts
