"""What every page has: the switches of language and theme, and the search over everything."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from mallard.kernel.access.guards import OPEN, SIGNED_IN, requires
from mallard.kernel.ui import finding, navigation, preferences
from mallard.kernel.ui.errors import render_error


def _page_to_return_to(request: HttpRequest) -> str:
    """The page the switch was used on, if it is ours; the home page otherwise."""
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    if not is_ours or not wanted.startswith("/"):
        return navigation.home_url()
    try:
        resolve(wanted.partition("?")[0])
    except Resolver404:
        return navigation.home_url()
    return wanted


def _choose(request: HttpRequest, name: str, *, is_known: bool) -> HttpResponse:
    if not is_known:
        return render_error(request, 400, _("There is no such choice."))
    response = HttpResponseRedirect(_page_to_return_to(request))
    preferences.choose(request, response, name, request.POST[name])
    return response


@login_not_required
@requires(OPEN)
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """POST ``language`` and ``next``: keep the language, go back to the page."""
    known = preferences.is_language(request.POST.get("language", ""))
    return _choose(request, "language", is_known=known)


@login_not_required
@requires(OPEN)
@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """POST ``theme`` (auto, light, dark) and ``next``: keep the theme, go back to the page."""
    return _choose(request, "theme", is_known=request.POST.get("theme", "") in preferences.THEMES)


@requires(SIGNED_IN)
@require_safe
@never_cache
def search(request: HttpRequest) -> HttpResponse:
    """Everything that ``?q=`` may mean, as a page: works without the script, too."""
    text = finding.cleaned(request.GET.get("q", ""))
    context = {
        "text": text,
        "groups": finding.find(request, text, limit=finding.LONG_LIMIT),
        "is_too_short": bool(text) and finding.is_too_short(text),
    }
    return render(request, "ui/search.html", context)


@requires(SIGNED_IN)
@require_safe
@never_cache
def palette(request: HttpRequest) -> HttpResponse:
    """What the palette offers for ``?q=``; before anything is typed, what was opened lately."""
    text = finding.cleaned(request.GET.get("q", ""))
    groups = finding.find(request, text) if text else finding.at_rest(request)
    return render(request, "ui/parts/palette_results.html", {"groups": groups, "text": text})
