"""The bar of the member page as a template tag, so that no page has to pass it."""

from __future__ import annotations

from typing import Any

from django import template

from mallard.world.memberweb.context import Way, ways

register = template.Library()


@register.simple_tag(takes_context=True)
def member_ways(context: dict[str, Any]) -> list[Way]:
    """The ways of the bar at the foot."""
    return ways(context["request"])
