"""Console pages of this app."""

from __future__ import annotations

from django.urls import URLPattern, path

from mallard.world.duplicates import pages

app_name = "duplicates"
_PAIR = "<uuid:pair_id>/"
urlpatterns: list[URLPattern] = [
    path("", pages.pair_list, name="list"),
    path("search", pages.search, name="search"),
    path(_PAIR, pages.pair, name="pair"),
    path(_PAIR + "merge", pages.merge, name="merge"),
    path(_PAIR + "different", pages.different, name="different"),
    path(_PAIR + "reconsider", pages.reconsider, name="reconsider"),
]
