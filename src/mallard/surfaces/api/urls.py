"""`/api/v1/…`, its OpenAPI document and the page that explains it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.contrib.auth.decorators import login_not_required
from django.urls import path

from mallard.surfaces.api import pages
from mallard.surfaces.api.application import MallardAPI, build


def routes(api: MallardAPI) -> tuple[Any, str, str]:
    """The API's URLs, for `path`. The API answers 401 itself: a redirect to the sign-in page
    would help no machine."""
    patterns, application, namespace = api.urls
    for pattern in patterns:
        pattern.callback = login_not_required(cast(Callable[..., Any], pattern.callback))
    return patterns, application, namespace


api = build()
urlpatterns = [
    path("", pages.reference_of(api), name="api-reference"),
    path("v1/", routes(api)),
]
