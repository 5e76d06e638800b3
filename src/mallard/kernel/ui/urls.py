from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, path

from mallard.kernel.ui import pages

app_name = "ui"
urlpatterns: list[URLPattern | URLResolver] = [
    path("ui/language", pages.choose_language, name="language"),
    path("ui/theme", pages.choose_theme, name="theme"),
]

if settings.DEBUG:
    from mallard.kernel.ui.gallery.urls import urlpatterns as gallery_urls

    urlpatterns += gallery_urls
