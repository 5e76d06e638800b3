"""Console pages of this app."""

from __future__ import annotations

from django.urls import URLPattern, path

from mallard.world.intake.pages import importing, reading

app_name = "intake"
_IMPORT = "<uuid:import_id>/"
urlpatterns: list[URLPattern] = [
    path("", reading.import_list, name="list"),
    path("new", importing.new, name="new"),
    path(_IMPORT, reading.detail, name="detail"),
    path(_IMPORT + "columns", importing.columns, name="columns"),
    path(_IMPORT + "columns/saved", importing.use_saved, name="use_saved"),
    path(_IMPORT + "run", importing.run, name="run"),
    path(_IMPORT + "undo", importing.undo, name="undo"),
    path(_IMPORT + "cancel", importing.cancel, name="cancel"),
    path(_IMPORT + "progress", reading.progress, name="progress"),
    path(_IMPORT + "result", reading.result, name="result"),
]
