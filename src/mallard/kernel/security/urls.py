"""Console pages of this app."""

from __future__ import annotations

from django.urls import URLPattern, path

from mallard.kernel.security import pages

app_name = "security"
urlpatterns: list[URLPattern] = [
    path("security/", pages.report, name="report"),
    path("security/check", pages.check_again, name="check_again"),
]
