"""Addresses of the living style page. Routed only when DEBUG is on and by the browser tests."""

from __future__ import annotations

from django.urls import path

from mallard.kernel.ui.gallery import pages

urlpatterns = [
    path("ui/gallery", pages.parts_page, name="gallery"),
    path("ui/gallery/list", pages.list_page, name="gallery_list"),
    path("ui/gallery/form", pages.form_page, name="gallery_form"),
    path("ui/gallery/sign-in", pages.centered_page, name="gallery_centered"),
    path("ui/gallery/error/<int:status>", pages.error_page, name="gallery_error"),
    path("ui/gallery/reveal", pages.reveal, name="gallery_reveal"),
]
