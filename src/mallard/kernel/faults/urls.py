"""Console pages of this app."""

from __future__ import annotations

from django.urls import URLPattern, path

from mallard.kernel.faults import pages

app_name = "faults"
urlpatterns: list[URLPattern] = [
    path("errors/", pages.fault_list, name="list"),
    path("errors/<uuid:fault_id>/", pages.fault, name="fault"),
    path("errors/<uuid:fault_id>/resolve", pages.resolve, name="resolve"),
]
