"""The product's addresses and, behind the same middleware, a view that returns a constant."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from mallard.config.urls import handler400, handler403, handler404, handler500
from mallard.config.urls import urlpatterns as product
from mallard.kernel.access.guards import OPEN, requires

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

CONSTANT = b'{"store":"B0","number":"","status":"recorded","points":0}'


@csrf_exempt
@login_not_required
@requires(OPEN)
def constant(_request: HttpRequest) -> HttpResponse:
    """The least that a view can do: the body heard out, no database, no schema."""
    return HttpResponse(CONSTANT, content_type="application/json; charset=utf-8")


urlpatterns = [path("bench/constant", constant), *product]
