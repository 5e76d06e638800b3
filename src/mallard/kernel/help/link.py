"""The question mark in the topbar: help about the screen that one is on."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from mallard.kernel.help.topics import topic_of


def help_of(request: HttpRequest) -> dict[str, Any]:
    """Where the question mark leads from this screen; all pages where there is no better one."""
    match = request.resolver_match
    topic = topic_of(match.view_name) if match else None
    return {"url": reverse("help:page", args=[topic]) if topic else reverse("help:index")}
