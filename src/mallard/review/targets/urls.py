"""Console pages of this app."""

from __future__ import annotations

from django.urls import URLPattern, path

from mallard.review.targets.pages import reading, setting

app_name = "targets"
urlpatterns: list[URLPattern] = [
    path("", reading.overview, name="overview"),
    path("malls/<uuid:mall_id>/", reading.mall_page, name="mall"),
    path("stores/<uuid:store_id>/", reading.store_page, name="store"),
    path("malls/<uuid:mall_id>/edit", setting.edit, name="edit"),
    path("stores/<uuid:store_id>/people", setting.edit_people, name="people"),
    path("import", setting.import_file, name="import"),
    path("watch", setting.watch, name="watch"),
]
