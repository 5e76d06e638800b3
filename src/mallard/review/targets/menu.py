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
from mallard.review.targets.pages.reading import row_of
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
    whole = queries.mall_attainments(asked, scope)
    rows = []
    for mall, month in asked:
        if covers_mall(scope, mall.pk):
            found, name = [whole[mall.pk]] if mall.pk in whole else [], "mall"
        else:
            found, name = queries.store_attainments(mall, month, scope), "store"
        rows += [
            row_of(one, mall.currency, reverse(f"targets:{name}", args=[one.place_id]))
            for one in found
        ]
    if not rows:
        return None
    return {"rows": rows[:PANEL_ROWS], "month": month_name(asked[-1][1])}
