"""Icons and badges as HTML: the smallest marks, which parts and template tags both draw."""

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import Literal

from django.templatetags.static import static
from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

Text = str | Promise
Tone = Literal["neutral", "accent", "success", "info", "warning", "danger", "generated"]


def icon(name: str, label: Text = "", css: str = "") -> SafeString:
    """An icon of the sprite; decorative unless it has a label."""
    if label:
        shape = '<svg class="icon {}" role="img" aria-label="{}"><use href="{}"/></svg>'
        return format_html(shape, css, label, _address(name))
    return _decoration(name, css)


def _address(name: str) -> str:
    return f"{static('mallard/icons.svg')}#{name}"


@lru_cache(maxsize=1024)  # a page draws a hundred of some dozen
def _decoration(name: str, css: str) -> SafeString:
    shape = '<svg class="icon {}" aria-hidden="true"><use href="{}"/></svg>'
    return format_html(shape, css, _address(name))


def badge(text: Text, tone: Tone = "neutral", icon_name: str = "") -> SafeString:
    """A short state: neutral, accent, success, info, warning, danger, generated."""
    picture = icon(icon_name) if icon_name else ""
    inner = f"{picture}{conditional_escape(text if isinstance(text, str) else str(text))}"
    # Not with `format_html`: a list draws two in each row.
    return mark_safe(f'<span class="tag" data-tone="{escape(tone)}">{inner}</span>')  # noqa: S308
