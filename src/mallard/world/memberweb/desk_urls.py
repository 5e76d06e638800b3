"""What staff do about members' ways in, beside the members' other pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from mallard.world.memberweb.pages import desk

app_name = "memberweb_desk"
urlpatterns: list[URLPattern] = [
    path("<uuid:member_id>/page-link", desk.link, name="link"),
]
