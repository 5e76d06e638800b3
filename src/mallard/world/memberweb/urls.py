"""The doors and the shell of the member page, under `/m/`."""

from __future__ import annotations

from django.urls import URLPattern, path

from mallard.world.memberweb.pages import doors, phones, shell

app_name = "memberweb"
urlpatterns: list[URLPattern] = [
    path("sign-in", doors.sign_in, name="sign_in"),
    path("sign-in/code", doors.code, name="code"),
    path("open/<str:token>", doors.open_link, name="open_link"),
    path("sign-out", doors.sign_out, name="sign_out"),
    path("card/phone", phones.phone, name="card_phone"),
    path("language", shell.choose_language, name="language"),
    path("theme", shell.choose_theme, name="theme"),
    path("offline", shell.offline, name="offline"),
    path("manifest.webmanifest", shell.manifest, name="manifest"),
    path("worker.js", shell.worker, name="worker"),
]
