"""The switches and the style page alone, for tests that need no other app's pages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def home(request: HttpRequest) -> HttpResponse:
    return HttpResponse("home")


console = ([path("", home, name="home")], "console")
urlpatterns = [
    path("", include(console)),
    path("", include("mallard.kernel.ui.urls")),
    path("", include("mallard.kernel.ui.gallery.urls")),
]
handler404 = "mallard.kernel.ui.errors.not_found"
