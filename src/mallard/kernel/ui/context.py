"""What every page needs to know: theme, languages, menu."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from mallard.kernel.ui import navigation, preferences

# htmx runs without eval and without its own style element, as the Content-Security-Policy asks.
# 422 is the answer to a form with errors: it is swapped in like a success.
HTMX_CONFIG = {
    "allowEval": False,
    "includeIndicatorStyles": False,
    "selfRequestsOnly": True,
    "historyCacheSize": 0,
    "refreshOnHistoryMiss": True,
    "responseHandling": [
        {"code": "204", "swap": False},
        {"code": "304", "swap": False},
        {"code": "[23]..", "swap": True},
        {"code": "422", "swap": True},
        {"code": "[45]..", "swap": False, "error": True},
    ],
}
_HTMX_CONFIG = json.dumps(HTMX_CONFIG)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor for every template; the menu is made only when a template asks for it."""
    theme = preferences.theme_of(request)
    return {
        "ui": {
            "theme": theme,
            "painted_theme": "dark" if theme == "dark" else "light",
            "themes": preferences.THEMES,
            "languages": settings.LANGUAGES,
            "htmx_config": _HTMX_CONFIG,
            "home_url": SimpleLazyObject(navigation.home_url),
            "menu": SimpleLazyObject(lambda: navigation.menu(request)),
            "go_keys": SimpleLazyObject(lambda: navigation.go_keys(request)),
            "topbar": SimpleLazyObject(lambda: navigation.topbar(request)),
            "banners": SimpleLazyObject(lambda: navigation.banners(request)),
            "account_parts": navigation.account_parts(),
            "sign_out_url": SimpleLazyObject(navigation.sign_out_url),
            "help_links": SimpleLazyObject(lambda: navigation.help_links(request)),
        }
    }
