"""Console pages of this app."""

from __future__ import annotations

from django.urls import URLPattern, path

from mallard.kernel.workspace.pages import bulk, exports, notifications, recents, views

app_name = "workspace"
urlpatterns: list[URLPattern] = [
    path("lists/<slug:list_key>/columns", views.keep_columns, name="keep_columns"),
    path("views/new", views.new_view, name="new_view"),
    path("views/<uuid:view_id>", views.view, name="view"),
    path("views/<uuid:view_id>/delete", views.delete_view, name="delete_view"),
    path("exports/", exports.export_list, name="exports"),
    path("exports/new", exports.new_export, name="new_export"),
    path("exports/<uuid:export_id>/file", exports.download, name="download_export"),
    path("exports/<uuid:export_id>/cancel", exports.cancel, name="cancel_export"),
    path("notifications/", notifications.notification_list, name="notifications"),
    path("notifications/read", notifications.mark_read, name="mark_read"),
    path("notifications/<uuid:notification_id>", notifications.follow, name="notification"),
    path("bulk/new", bulk.new_bulk, name="new_bulk"),
    path("bulk/<uuid:run_id>", bulk.run, name="bulk_run"),
    path("bulk/<uuid:run_id>/undo", bulk.undo, name="undo_bulk"),
    path("recent/", recents.recents, name="recents"),
    path("recent/clear", recents.clear, name="clear_recents"),
    path("bell", notifications.bell, name="bell"),
]
