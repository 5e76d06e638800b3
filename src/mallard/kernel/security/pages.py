"""The page of the security check: what the last one found, the earlier ones, and look again."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST, require_safe
from procrastinate.exceptions import AlreadyEnqueued

from mallard.kernel.access.guards import requires
from mallard.kernel.health.pages import STATES, with_code
from mallard.kernel.health.permissions import VIEW_HEALTH
from mallard.kernel.health.registry import Status
from mallard.kernel.security.jobs import check_now
from mallard.kernel.security.models import SecurityReport

EARLIER = 12


@requires(VIEW_HEALTH)
@require_safe
def report(request: HttpRequest) -> HttpResponse:
    """The latest report, faults first, and how the weeks before were."""
    rows = list(SecurityReport.objects.defer("texts")[1 : EARLIER + 1])
    latest = SecurityReport.objects.first()
    context: dict[str, Any] = {
        "latest": latest,
        "earlier": [(row, STATES[Status(row.status)]) for row in rows],
    }
    if latest is not None:
        probes = _shown(latest)
        context["faults"] = [probe for probe in probes if probe["faults"]]
        context["others"] = [probe for probe in probes if not probe["faults"]]
        context["opened"] = latest.addresses
    return render(request, "security/report.html", context)


def _shown(latest: SecurityReport) -> list[dict[str, Any]]:
    texts = latest.texts.get(get_language() or "en") or latest.texts["en"]
    shown = []
    for probe in texts:
        findings = [
            {
                "what": with_code(one["what"]),
                "cause": with_code(one["cause"]),
                "cure": with_code(one["cure"]),
                "state": STATES[Status(one["status"])],
                "is_fault": one["status"] != Status.OK.value,
            }
            for one in probe["findings"]
        ]
        state = STATES[Status(probe["status"])]
        faults = [one for one in findings if one["is_fault"]]
        shown.append({**probe, "findings": findings, "faults": faults, "state": state})
    return shown


@requires(VIEW_HEALTH)
@require_POST
def check_again(request: HttpRequest) -> HttpResponse:
    """Let the worker look at everything now."""
    with suppress(AlreadyEnqueued), transaction.atomic():
        check_now.defer()
    messages.success(request, gettext("Everything is looked at; reload this page in a minute."))
    return redirect("security:report")
