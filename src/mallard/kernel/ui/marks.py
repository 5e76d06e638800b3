"""Icons and badges as HTML: the smallest marks, which parts and template tags both draw."""

from __future__ import annotations

from typing import Literal

from django.templatetags.static import static
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString

Text = str | Promise
Tone = Literal["neutral", "accent", "success", "info", "warning", "danger", "generated"]


def icon(name: str, label: Text = "", css: str = "") -> SafeString:
    """An icon of the sprite; decorative unless it has a label."""
    href = f"{static('mallard/icons.svg')}#{name}"
    if label:
        shape = '<svg class="icon {}" role="img" aria-label="{}"><use href="{}"/></svg>'
        return format_html(shape, css, label, href)
    return format_html('<svg class="icon {}" aria-hidden="true"><use href="{}"/></svg>', css, href)


def badge(text: Text, tone: Tone = "neutral", icon_name: str = "") -> SafeString:
    """A short state: neutral, accent, success, info, warning, danger, generated."""
    picture = icon(icon_name) if icon_name else ""
    return format_html('<span class="tag" data-tone="{}">{}{}</span>', tone, picture, text)
