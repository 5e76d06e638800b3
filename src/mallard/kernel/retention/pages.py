"""How long everything is kept, for auditors and data protection officers."""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from mallard.kernel.access.guards import requires
from mallard.kernel.health.queries import latest_evidence
from mallard.kernel.retention.declaration import Retention, retention_of, tables
from mallard.kernel.retention.permissions import VIEW_RETENTION
from mallard.kernel.retention.services import ENFORCED
from mallard.kernel.ui import formats


@dataclass(frozen=True, slots=True)
class Line:
    """A table as the page shows it."""

    table: str
    app: str | Promise
    kept: str
    setting: str
    rows: int | None


@requires(VIEW_RETENTION)
@require_safe
def retention_list(request: HttpRequest) -> HttpResponse:
    """Every table, how long it keeps its rows, and what the last pruning took."""
    evidence = latest_evidence(ENFORCED)
    figures = evidence.figures if evidence else {}
    lines = [_line(model, figures) for model in tables()]
    return render(request, "retention/list.html", {"lines": lines, "evidence": evidence})


def _line(model: type[Model], figures: dict[str, int]) -> Line:
    meta, found = model._meta, retention_of(model)
    return Line(
        table=meta.label,
        app=apps.get_app_config(meta.app_label).verbose_name,
        kept=said(found) if found else "",
        setting=found.period.code if found and found.period else "",
        rows=figures.get(meta.label),
    )


def said(retention: Retention) -> str:
    """What holds, in a sentence."""
    if retention.period is not None:
        return f"{formats.number(retention.period.value)} {retention.period.unit}"
    if retention.owner:
        return gettext("As long as %(owner)s") % {"owner": retention.owner}
    if retention.because:
        return gettext("For ever: %(reason)s") % {"reason": retention.because}
    return str(retention.note)
