"""Pages of the programme."""

from __future__ import annotations

from django.urls import path

from mallard.value.loyalty import pages

app_name = "loyalty"
urlpatterns = [
    path("", pages.programme, name="programme"),
    path("rules/new", pages.new_rule, name="new_rule"),
    path("rules/<slug:code>", pages.change_rule, name="change_rule"),
]
