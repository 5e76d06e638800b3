"""Pages of settings."""

from __future__ import annotations

from django.urls import path

from mallard.kernel.settings import pages

app_name = "settings"
urlpatterns = [
    path("settings/", pages.settings_list, name="list"),
    path("settings/<str:code>", pages.change, name="change"),
]
