"""Console pages of migrations."""

from __future__ import annotations

from django.urls import path

from mallard.value.migration import pages

app_name = "migration"
urlpatterns = [
    path("", pages.index, name="list"),
    path("new", pages.new, name="new"),
    path("<uuid:migration_id>/", pages.detail, name="detail"),
    path("<uuid:migration_id>/progress", pages.progress, name="progress"),
    path("<uuid:migration_id>/rows/", pages.rows, name="rows"),
    path("<uuid:migration_id>/upload", pages.upload, name="upload"),
    path("<uuid:migration_id>/totals", pages.totals, name="totals"),
    path("<uuid:migration_id>/explain", pages.explain, name="explain"),
    path("<uuid:migration_id>/post", pages.post, name="post"),
    path("<uuid:migration_id>/sign", pages.sign, name="sign"),
    path("<uuid:migration_id>/take-back", pages.take_back, name="take_back"),
    path("<uuid:migration_id>/totals.csv", pages.totals_csv, name="csv"),
]
