"""Console pages of this app."""

from __future__ import annotations

from django.urls import URLPattern, path

from mallard.world.corrections import pages

app_name = "corrections"
urlpatterns: list[URLPattern] = [
    path("new/<slug:kind>/<uuid:subject_id>", pages.propose, name="new"),
    path("<uuid:correction_id>/", pages.detail, name="detail"),
    path("<uuid:correction_id>/accept", pages.accept, name="accept"),
    path("<uuid:correction_id>/decline", pages.decline, name="decline"),
    path("<uuid:correction_id>/reveal/<slug:part>", pages.reveal, name="reveal"),
]
