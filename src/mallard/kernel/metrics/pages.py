"""`/metrics`: for a monitoring system on this machine, or one that knows the token."""

from __future__ import annotations

import hmac
import ipaddress
import os

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from mallard.kernel.access.guards import OPEN, requires
from mallard.kernel.environment import environment
from mallard.kernel.errors import Forbidden
from mallard.kernel.metrics.live import Live
from mallard.kernel.metrics.requests import COUNT, SECONDS

SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"


@login_not_required
@requires(OPEN)
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """All figures in Prometheus' text format. Raises `Forbidden` for strangers."""
    if not _may_read(request):
        raise Forbidden()
    registry = CollectorRegistry()
    if SHARED_FOLDER in os.environ:
        MultiProcessCollector(registry)
    else:
        registry.register(COUNT)
        registry.register(SECONDS)
    registry.register(Live())
    return HttpResponse(
        generate_latest(registry),
        content_type=CONTENT_TYPE_LATEST,
        headers={"Cache-Control": "no-store"},
    )


def _may_read(request: HttpRequest) -> bool:
    """Whoever knows the token; where none is set, who calls from this machine by no proxy.

    A proxy on this machine would make everybody a neighbour, so what it forwards is refused.
    """
    token = environment().metrics_token
    if token is not None:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        return hmac.compare_digest(given.encode(), token.get_secret_value().encode())
    if "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
