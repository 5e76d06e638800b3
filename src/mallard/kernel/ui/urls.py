from __future__ import annotations

from django.urls import path

from mallard.kernel.ui import pages

app_name = "ui"
urlpatterns = [
    path("search", pages.search, name="search"),
    path("search/palette", pages.palette, name="palette"),
    path("ui/language", pages.choose_language, name="language"),
    path("ui/theme", pages.choose_theme, name="theme"),
]
