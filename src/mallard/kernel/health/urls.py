"""Pages of health."""

from __future__ import annotations

from django.urls import path

from mallard.kernel.health import pages

app_name = "health"
urlpatterns = [
    path("health/", pages.health, name="health"),
    path("health/check", pages.check_again, name="check_again"),
]
