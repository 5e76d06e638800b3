"""Console pages of this app."""

from __future__ import annotations

from django.urls import URLPattern, path

from mallard.world.privacy import pages

app_name = "privacy"
_REQUEST = "<uuid:request_id>/"
urlpatterns: list[URLPattern] = [
    path("", pages.request_list, name="list"),
    path("new/<uuid:member_id>", pages.new, name="new"),
    path(_REQUEST, pages.detail, name="request"),
    path(_REQUEST + "answer", pages.answer, name="answer"),
    path(_REQUEST + "refuse", pages.refuse, name="refuse"),
]
