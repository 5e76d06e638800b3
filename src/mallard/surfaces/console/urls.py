from __future__ import annotations

from django.urls import path

from mallard.surfaces.console import pages

app_name = "console"
urlpatterns = [path("", pages.home, name="home")]
