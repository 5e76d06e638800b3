"""What is drawn once and kept: on what such a thing depends besides itself."""

from __future__ import annotations

from functools import lru_cache
from uuid import UUID

from django.conf import settings
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.translation import get_language

Ground = tuple[str | None, object, object, str]


def ground() -> Ground:
    """The language that words are in now, and what addresses are made from. Whatever holds words
    or addresses is kept under this, and drawn anew where it differs."""
    return get_language(), get_urlconf(), settings.ROOT_URLCONF, get_script_prefix()


def record_url(url_name: str, record_id: UUID) -> str:
    """The address of a record's page: what `reverse` says. For lists, which name a hundred of one
    kind: the way through the address book is gone once."""
    before, after = _around_id(url_name, ground())
    return f"{before}{record_id}{after}"


_SAMPLE = UUID(int=0)


@lru_cache(maxsize=1_000)
def _around_id(url_name: str, _on: Ground) -> tuple[str, str]:
    before, after = reverse(url_name, args=[_SAMPLE]).split(str(_SAMPLE))
    return before, after
