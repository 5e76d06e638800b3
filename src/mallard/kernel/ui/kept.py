"""What is drawn once and kept: on what such a thing depends besides itself."""

from __future__ import annotations

from django.conf import settings
from django.urls import get_script_prefix, get_urlconf
from django.utils.translation import get_language

Ground = tuple[str | None, object, object, str]


def ground() -> Ground:
    """The language that words are in now, and what addresses are made from. Whatever holds words
    or addresses is kept under this, and drawn anew where it differs."""
    return get_language(), get_urlconf(), settings.ROOT_URLCONF, get_script_prefix()
