"""The health page: every check, faults first with cause and cure; looks again by itself."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from procrastinate.exceptions import AlreadyEnqueued

from mallard.kernel import clock
from mallard.kernel.access.guards import requires
from mallard.kernel.health.jobs import check_now
from mallard.kernel.health.permissions import VIEW_HEALTH
from mallard.kernel.health.queries import Reading, readings
from mallard.kernel.health.registry import Status, worst
from mallard.kernel.ui.parts import Badge

STATES = {
    Status.OK: Badge(_("Well"), "success", "circle-check"),
    Status.WARN: Badge(_("Look at it soon"), "warning", "alert-triangle"),
    Status.FAIL: Badge(_("Act now"), "danger", "alert-circle"),
    None: Badge(_("Not checked yet"), "neutral", "circle-dashed"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A check as the page shows it."""

    reading: Reading
    state: Badge

    @property
    def cause(self) -> str:
        return with_code(self.reading.cause)

    @property
    def cure(self) -> str:
        return with_code(self.reading.cure)

    @property
    def is_fault(self) -> bool:
        return self.reading.status in (Status.WARN, Status.FAIL)


def with_code(text: str) -> str:
    """A sentence whose commands, between backticks, are shown as such."""
    parts = enumerate(text.split("`"))
    return format_html_join(
        "", "{}", ((format_html("<code>{}</code>", part) if i % 2 else part,) for i, part in parts)
    )


@requires(VIEW_HEALTH)
@never_cache
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """How the installation is. Asked by htmx, only what changes."""
    found = [Line(reading, STATES[reading.status]) for reading in readings()]
    found.sort(key=lambda line: -(line.reading.status.exit_code if line.reading.status else 0))
    status = worst([line.reading.status for line in found if line.reading.status is not None])
    context = {
        "faults": [line for line in found if line.is_fault],
        "others": [line for line in found if not line.is_fault],
        "state": STATES[status],
        "now": clock.now(),
    }
    is_part = request.headers.get("HX-Target") == "health"
    return render(request, "health/readings.html" if is_part else "health/health.html", context)


@requires(VIEW_HEALTH)
@require_POST
def check_again(request: HttpRequest) -> HttpResponse:
    """Let the worker run every check now."""
    with suppress(AlreadyEnqueued), transaction.atomic():
        check_now.defer()
    messages.success(request, gettext("All checks are run again; this page will show it."))
    return redirect("health:health")
