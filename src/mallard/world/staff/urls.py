"""Console pages of this app."""

from __future__ import annotations

from django.urls import URLPattern, path

from mallard.world.staff import pages

app_name = "staff"
urlpatterns: list[URLPattern] = [
    path("sign-in", pages.sign_in, name="sign_in"),
    path("sign-out", pages.sign_out, name="sign_out"),
    path("password/forgotten", pages.forgotten_password, name="forgotten_password"),
    path("password/reset/<str:token>", pages.reset_password, name="reset_password"),
    path("profile", pages.profile, name="profile"),
    path("profile/password", pages.change_password, name="change_password"),
    path("staff/", pages.staff_list, name="list"),
]
