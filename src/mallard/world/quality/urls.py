"""Console pages of this app."""

from __future__ import annotations

from django.urls import URLPattern, path

from mallard.world.quality import pages

app_name = "quality"
urlpatterns: list[URLPattern] = [
    path("", pages.page, name="page"),
    path("measure", pages.measure, name="measure"),
]
