"""Console pages of this app."""

from __future__ import annotations

from django.urls import URLPattern, path

from mallard.kernel.workspace.pages import views

app_name = "workspace"
urlpatterns: list[URLPattern] = [
    path("lists/<slug:list_key>/columns", views.keep_columns, name="keep_columns"),
    path("views/new", views.new_view, name="new_view"),
    path("views/<uuid:view_id>", views.view, name="view"),
    path("views/<uuid:view_id>/delete", views.delete_view, name="delete_view"),
]
