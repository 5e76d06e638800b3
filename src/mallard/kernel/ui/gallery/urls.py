"""Addresses of the living style page. Routed only when DEBUG is on and by the browser tests."""

from __future__ import annotations

from django.urls import path

from mallard.kernel.ui.gallery import pages

app_name = "gallery"
urlpatterns = [
    path("ui/gallery", pages.parts_page, name="parts"),
    path("ui/gallery/list", pages.list_page, name="list"),
    path("ui/gallery/form", pages.form_page, name="form"),
    path("ui/gallery/sign-in", pages.centered_page, name="centered"),
    path("ui/gallery/error/<int:status>", pages.error_page, name="error"),
    path("ui/gallery/reveal", pages.reveal, name="reveal"),
]
