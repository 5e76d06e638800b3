"""Where errors of pages come from: Django tells of each that no view and no middleware handled."""

from __future__ import annotations

import sys
from typing import Any

from django.http import HttpRequest

from mallard.kernel.faults.models import FaultKind
from mallard.kernel.faults.noting import note_fault


def on_page_error(sender: Any, request: HttpRequest | None = None, **_more: Any) -> None:
    """Keep it, with the route as a pattern."""
    error = sys.exc_info()[1]
    if error is not None:
        note_request_fault(error, request, kind=FaultKind.PAGE)


def note_request_fault(
    error: BaseException, request: HttpRequest | None, *, kind: FaultKind
) -> None:
    """Keep an error of a request."""
    match = getattr(request, "resolver_match", None)
    route = f"{getattr(request, 'method', '')} /{match.route}" if match else "unmatched"
    note_fault(error, kind=kind.value, route=route, request_id=getattr(request, "request_id", ""))
