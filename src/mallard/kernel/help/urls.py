"""Pages of help."""

from __future__ import annotations

from django.urls import path

from mallard.kernel.help import pages

app_name = "help"
urlpatterns = [
    path("", pages.index, name="index"),
    path("<slug:topic>", pages.page, name="page"),
]
