"""`/api/v1/…`, its OpenAPI document and the page that explains it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.urls import path

from mallard.surfaces.api import pages
from mallard.surfaces.api.application import build

api = build()
_routes, _app, _namespace = api.urls
for _route in _routes:
    # The API answers 401 itself; a redirect to the sign-in page would help no machine.
    _route.callback = login_not_required(_route.callback)

app_name = "api"
urlpatterns = [
    path("", pages.reference, name="reference"),
    path("v1/", (_routes, _app, _namespace)),
]
