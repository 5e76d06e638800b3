"""What makes the member page an app on the phone: manifest, service worker, language and theme."""

from __future__ import annotations

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_POST

from mallard.kernel.ui import preferences
from mallard.kernel.ui.errors import render_error
from mallard.world.memberweb.lane import PREFIX, open_page

WORKER = "mallard/portal-worker.js"


@open_page
@require_GET
def manifest(request: HttpRequest) -> HttpResponse:
    """How the page is called and looks when it is put on the home screen."""
    content = {
        "id": PREFIX,
        "name": gettext("My membership"),
        "short_name": gettext("Membership"),
        "lang": "zh-Hans" if get_language() == "zh-hans" else "en",
        "start_url": PREFIX,
        "scope": PREFIX,
        "display": "standalone",
        "background_color": "#f6f7f4",
        "theme_color": "#0b6b5b",
        "icons": [
            {
                "src": staticfiles_storage.url("mallard/img/mallard.svg"),
                "sizes": "any",
                "type": "image/svg+xml",
                "purpose": "any",
            },
        ],
    }
    response = JsonResponse(content, content_type="application/manifest+json")
    response["Cache-Control"] = "no-cache"
    return response


@open_page
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, served from where its scope begins."""
    path = finders.find(WORKER)
    if path is None:
        return render_error(request, 404)
    with open(path, "rb") as file:
        response = HttpResponse(file.read(), content_type="text/javascript")
    response["Cache-Control"] = "no-cache"
    return response


@open_page
@require_GET
def offline(request: HttpRequest) -> HttpResponse:
    """What the phone shows without a connection when it has no card to show. Kept by the phone."""
    response = render(request, "memberweb/offline.html")
    response["Cache-Control"] = "no-cache"
    return response


def _choose(request: HttpRequest, name: str, *, is_known: bool) -> HttpResponse:
    if not is_known:
        return render_error(request, 400, gettext("There is no such choice."))
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    is_here = is_ours and wanted.startswith(PREFIX)
    response = HttpResponseRedirect(wanted if is_here else PREFIX)
    preferences.remember(response, **{name: request.POST[name]})
    return response


@open_page
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """POST ``language`` and ``next``: keep the language, go back to the page."""
    known = request.POST.get("language", "") in dict(settings.LANGUAGES)
    return _choose(request, "language", is_known=known)


@open_page
@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """POST ``theme`` (auto, light, dark) and ``next``: keep the theme, go back to the page."""
    return _choose(request, "theme", is_known=request.POST.get("theme", "") in preferences.THEMES)
