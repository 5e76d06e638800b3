"""Help on screen: all pages, one page, and its content alone for the panel beside a screen."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from mallard.kernel.access.guards import SIGNED_IN, requires
from mallard.kernel.errors import NotFound
from mallard.kernel.help.library import HelpPage, every_topic, page_of
from mallard.kernel.help.topics import registered_topics


@requires(SIGNED_IN)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The pages that explain screens first, then the rest."""
    shown = set(registered_topics().values())
    pages = [page for topic in every_topic() if (page := page_of(topic)) is not None]
    context = {
        "of_screens": _sorted(page for page in pages if page.topic in shown),
        "others": _sorted(page for page in pages if page.topic not in shown),
    }
    return render(request, "help/index.html", context)


def _sorted(pages: Iterable[HelpPage]) -> list[HelpPage]:
    return sorted(pages, key=lambda page: page.title)


@requires(SIGNED_IN)
@require_safe
def page(request: HttpRequest, topic: str) -> HttpResponse:
    """A page of help; only its content where the panel asks."""
    found = page_of(topic)
    if found is None:
        raise NotFound()
    is_panel = request.headers.get("HX-Target") == "help-content"
    template = "help/content.html" if is_panel else "help/page.html"
    response = render(request, template, {"page": found})
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response
