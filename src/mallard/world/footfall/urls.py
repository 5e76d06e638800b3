"""Console pages of footfall."""

from __future__ import annotations

from django.urls import path

from mallard.world.footfall import pages

app_name = "footfall"
urlpatterns = [
    path("", pages.days, name="days"),
    path("malls/<uuid:mall_id>/<str:business_day>/", pages.day, name="day"),
    path("entrances/", pages.entrances, name="entrances"),
    path("entrances/new/", pages.create_entrance, name="create_entrance"),
    path("entrances/<uuid:entrance_id>/edit/", pages.edit_entrance, name="edit_entrance"),
]
