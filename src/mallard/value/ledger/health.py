"""Whether the books were verified lately, for the health page and `mallard check`."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from mallard.kernel.health.queries import age_of, is_younger_than, latest_evidence
from mallard.kernel.health.registry import Finding, failure, register_check, warning, well
from mallard.kernel.health.services import note_evidence
from mallard.value.ledger.verification import VerifyReport

VERIFIED = "ledger.verified"
VERIFY_WITHIN = dt.timedelta(days=2)


def register() -> None:
    """Make the check known."""
    register_check("ledger", _("Ledger"), books_agree, order=55)


def note_verification(report: VerifyReport) -> None:
    """Keep what a verification found."""
    wrong = [check.name for check in report.checks if check.wrong]
    figures = {"checked": sum(check.checked for check in report.checks), "wrong": wrong}
    note_evidence(VERIFIED, is_good=report.is_sound, figures=figures)


def books_agree() -> Finding:
    """Every running figure was derived anew within two days, and agreed."""
    evidence = latest_evidence(VERIFIED)
    if evidence is not None and not evidence.is_good:
        return failure(
            _("The books do not agree: %(names)s."),
            cause=_("A balance or a total differs from the transfers behind it."),
            cure=_(
                "Run `mallard ledger verify`, keep a backup of the present state, and report it."
            ),
            names=", ".join(evidence.figures.get("wrong", [])),
        )
    if evidence is None and is_younger_than(VERIFY_WITHIN):
        return well(_("The books are new: their first verification is due tonight."))
    if evidence is None or age_of(evidence.found_at) > VERIFY_WITHIN:
        return warning(
            _("The books were not verified lately."),
            cause=_("The nightly job has not run."),
            cure=_("Start the worker, or run `mallard ledger verify`."),
        )
    return well(
        _("%(count)s figures were derived anew and agree."),
        count=evidence.figures.get("checked", 0),
    )
