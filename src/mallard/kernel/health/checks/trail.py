"""The audit log: sealed soon after it is written, and verified lately."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from mallard.kernel.audit.chain import ChainReport
from mallard.kernel.audit.queries import oldest_unsealed_at
from mallard.kernel.health.queries import age_of, is_younger_than, latest_evidence
from mallard.kernel.health.registry import Finding, failure, warning, well
from mallard.kernel.health.services import note_evidence

VERIFIED = "audit.chain_verified"
"""Evidence that a verification of the chain notes: the nightly job's or a command's."""
SEAL_WITHIN = dt.timedelta(minutes=15)
VERIFY_WITHIN = dt.timedelta(days=2)


def note_verification(report: ChainReport) -> None:
    """Keep what a verification of the chain found."""
    figures = {"entries": report.entries, "seals": report.seals, "head": report.head}
    note_evidence(VERIFIED, is_good=report.is_intact, figures=figures)


def is_sealed() -> Finding:
    """Nothing waits long for its seal, and the chain was found intact."""
    evidence = latest_evidence(VERIFIED)
    if evidence is not None and not evidence.is_good:
        return failure(
            _("The audit log was changed after it was sealed."),
            cause=_("Somebody with direct access to the database edited it."),
            cure=_("Run `mallard audit verify`, keep the disk as it is, and look into who did it."),
        )
    waiting_since = oldest_unsealed_at()
    if waiting_since is not None and age_of(waiting_since) > SEAL_WITHIN:
        return warning(
            _("Entries have waited %(minutes)s minutes for their seal."),
            cause=_("The worker is stopped, or a transaction has been open for long."),
            cure=_("Start the worker, or end the long transaction in the database."),
            minutes=int(age_of(waiting_since).total_seconds() // 60),
        )
    if evidence is None and is_younger_than(VERIFY_WITHIN):
        return well(_("The audit log is new: its first verification is due tonight."))
    if evidence is None or age_of(evidence.found_at) > VERIFY_WITHIN:
        return warning(
            _("The audit log was not verified lately."),
            cause=_("The nightly job has not run."),
            cure=_("Start the worker, or run `mallard audit verify`."),
        )
    return well(
        _("%(entries)s entries are sealed and were found intact."),
        entries=evidence.figures.get("entries", 0),
    )
