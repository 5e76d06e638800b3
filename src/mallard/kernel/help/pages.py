"""Help on screen: all pages, one page, and its content alone for the panel beside a screen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from mallard.kernel.access.guards import SIGNED_IN, requires
from mallard.kernel.bilingual import reads_chinese
from mallard.kernel.errors import NotFound
from mallard.kernel.help.library import FOR_OPERATORS, HelpPage, every_topic, page_of
from mallard.kernel.help.topics import section_of
from mallard.kernel.ui import navigation


@dataclass(frozen=True, slots=True)
class Shelf:
    """Pages that stand together in the index."""

    title: str | Promise
    icon: str
    pages: list[HelpPage]
    note: str | Promise = ""


@requires(SIGNED_IN)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What staff do, by the sections of the menu, how it works, and what only operators read."""
    pages = [page for topic in every_topic() if (page := page_of(topic)) is not None]
    of_operators = _sorted(page for page in pages if page.topic in FOR_OPERATORS)
    shelves = [
        Shelf(section.label, section.icon, of_section)
        for section in navigation.sections()
        if (of_section := _sorted(page for page in pages if section_of(page.topic) == section.key))
    ]
    of_staff = [page for page in pages if page.topic not in FOR_OPERATORS]
    elsewhere = _sorted(page for page in of_staff if section_of(page.topic) is None)
    if elsewhere:
        shelves.append(Shelf(_("How it works"), "book", elsewhere))
    is_foreign = reads_chinese() and any(page.language == "en" for page in of_operators)
    shelves.append(
        Shelf(
            _("For those who run Mallard"), "lifebuoy", of_operators,
            note=_("These pages are in English.") if is_foreign else "",
        )
    )  # fmt: skip
    return render(request, "help/index.html", {"shelves": shelves})


def _sorted(pages: Iterable[HelpPage]) -> list[HelpPage]:
    # The common characters of GB 18030 stand in the order of their sounds.
    return sorted(pages, key=lambda page: page.name.encode("gb18030"))


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
