"""Console pages of this app."""

from __future__ import annotations

from django.urls import URLPattern, path

from mallard.world.lists import pages

app_name = "lists"
_LIST = "<uuid:list_id>/"
urlpatterns: list[URLPattern] = [
    path("", pages.list_page, name="list"),
    path("new", pages.new, name="new"),
    path(_LIST, pages.detail, name="detail"),
    path(_LIST + "edit", pages.edit, name="edit"),
    path(_LIST + "close", pages.close, name="close"),
    path(_LIST + "file", pages.from_file, name="file"),
    path(_LIST + "changes/<uuid:change_id>/undo", pages.undo, name="undo"),
    path(_LIST + "members/<uuid:member_id>/remove", pages.remove, name="remove"),
]
