"""Where targets appear: the menu and the home page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.guards import actor_of
from mallard.kernel.ui import navigation, panels
from mallard.review.targets import queries
from mallard.review.targets.pages.reading import mall_rows, store_rows
from mallard.review.targets.permissions import VIEW_TARGET
from mallard.review.targets.rules import first_of
from mallard.world.malls.queries import covers_mall, malls_in
from mallard.world.tasks.wording import month_name

PANEL_ROWS = 6


def register() -> None:
    """Offer the pages under Sales, and the month's attainment on the home page."""
    navigation.register(
        navigation.Entry("sales", _("Targets"), "targets:overview", VIEW_TARGET, order=30)
    )
    panels.register(panels.Panel("targets", "targets/parts/home.html", VIEW_TARGET, _panel, 30))


def _panel(request: HttpRequest) -> Mapping[str, Any] | None:
    """Whole malls, or the stores that the reader has, worst first; away without any target."""
    scope = actor_of(request).scope
    asked = [
        (mall, first_of(queries.last_whole_day(mall))) for mall in malls_in(scope).order_by("code")
    ]
    urls = {mall.pk: reverse("targets:mall", args=[mall.pk]) for mall, _month in asked}
    whole = mall_rows(asked, scope, urls)
    rows = []
    for mall, month in asked:
        is_whole = covers_mall(scope, mall.pk)
        rows += whole[mall.pk] if is_whole else store_rows(mall, month, scope)
    if not rows:
        return None
    return {"rows": rows[:PANEL_ROWS], "month": month_name(asked[-1][1])}
