"""Console pages of changes of phone."""

from __future__ import annotations

from django.urls import path

from mallard.world.phones import pages

app_name = "phones"
urlpatterns = [
    path("changes/", pages.changes, name="changes"),
    path("changes/<uuid:change_id>/", pages.change, name="change"),
    path("changes/<uuid:change_id>/code", pages.code, name="code"),
    path("changes/<uuid:change_id>/approve", pages.approve, name="approve"),
    path("changes/<uuid:change_id>/decline", pages.decline, name="decline"),
    path("members/<uuid:member_id>/change", pages.new, name="new"),
]
