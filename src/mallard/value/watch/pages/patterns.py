"""Patterns: how well each does, what it goes by, and what other thresholds would have found."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.errors import DomainError
from mallard.kernel.ui import form_page, formats
from mallard.kernel.ui.parts import Badge, Fact
from mallard.kernel.ui.templatetags.ui import at
from mallard.value.loyalty.services.programme import require_whole_group
from mallard.value.watch import queries, services, showing
from mallard.value.watch.errors import PatternUnknown
from mallard.value.watch.forms import TermsForm
from mallard.value.watch.models import PatternTerms, TermsStatus
from mallard.value.watch.patterns import PATTERNS, Pattern
from mallard.value.watch.permissions import EDIT_PATTERN, VIEW_ALERT
from mallard.value.watch.queries import Precision, Terms

_ON = Badge(pgettext_lazy("pattern", "On"), "success")
_OFF = Badge(pgettext_lazy("pattern", "Off"), "neutral")


@requires(VIEW_ALERT)
@require_safe
def patterns(request: HttpRequest) -> HttpResponse:
    """Every pattern: what it finds, and how much of what was decided was fraud."""
    actor = actor_of(request)
    terms = queries.terms_in_force()
    rows = [_row(each, terms[each.pattern]) for each in queries.precision_by_pattern(actor)]
    told = queries.precision_by_pattern(actor)
    confirmed, decided = sum(one.confirmed for one in told), sum(one.decided for one in told)
    context = {
        "rows": rows,
        "found": sum(one.found for one in told),
        "confirmed": confirmed,
        "false": decided - confirmed,
        "precision": formats.percent(confirmed, decided, 0) if decided else None,
        "run": queries.latest_run(),
        "exemptions": [
            {
                "row": one,
                "pattern": showing.pattern_name(one.pattern),
                "about": showing.about(one, actor),
            }
            for one in queries.visible_exemptions(actor).filter(
                pk__in=queries.exemptions_in_force_now()
            )[:50]
        ],
    }
    return render(request, "watch/patterns.html", context)


def _row(precision: Precision, terms: Terms) -> dict[str, Any]:
    pattern = PATTERNS[precision.pattern]
    decided = precision.decided
    return {
        "precision": precision,
        "pattern": pattern,
        "state": _ON if terms.is_on else _OFF,
        "share": formats.percent(precision.confirmed, decided, 0) if decided else None,
    }


def _pattern(code: str) -> Pattern:
    pattern = PATTERNS.get(code)
    if pattern is None:
        raise PatternUnknown()
    return pattern


@requires(VIEW_ALERT)
@require_safe
def pattern(request: HttpRequest, code: str) -> HttpResponse:
    """One pattern in words, with its thresholds and those that held before."""
    actor = actor_of(request)
    found = _pattern(code)
    terms = queries.terms_in_force()[code]
    facts = [Fact(_("State"), _ON if terms.is_on else _OFF)]
    facts += [Fact(each.label, value) for each, value in _values(found, terms.thresholds)]
    since = at(terms.since) if terms.since else gettext("always: nobody has changed them")
    by = format_html("{} · {}", since, terms.set_by) if terms.set_by else since
    facts.append(Fact(_("In force since"), by))
    context = {
        "pattern": found,
        "facts": facts,
        "history": [
            {
                "row": row,
                "told": _told(found, row),
                "state": Badge(TermsStatus(row.status).label, _tone(row)),
            }
            for row in PatternTerms.objects.filter(pattern=code)
            .select_related("made_by")
            .order_by("-made_at", "-id")[:12]
        ],
        "may_edit": actor.may(EDIT_PATTERN) and actor.scope.is_group,
    }
    return render(request, "watch/pattern.html", context)


def _tone(row: PatternTerms) -> Any:
    return "success" if row.status == TermsStatus.IN_FORCE else "neutral"


def _values(found: Pattern, thresholds: Any) -> list[tuple[Any, str]]:
    """Each threshold with its value and unit, as people read them."""
    return [
        (each, f"{formats.number(thresholds[each.code])} {each.unit}".strip())
        for each in found.thresholds
    ]


def _told(found: Pattern, row: PatternTerms) -> str:
    complete = found.complete(row.thresholds)
    parts = [f"{each.label} {value}" for each, value in _values(found, complete)]
    return " · ".join(parts if row.is_on else [gettext("switched off"), *parts])


@requires(EDIT_PATTERN)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """Other thresholds: first what they would have found."""
    actor = actor_of(request)
    require_whole_group(actor)
    found = _pattern(code)
    form = TermsForm(found, queries.terms_in_force()[code], request.POST or None)
    return form_page.respond(
        request,
        form,
        save=lambda data: services.try_terms(
            code, thresholds=form.thresholds(), is_on=data["is_on"], actor=actor
        ),
        title=_("Other thresholds"),
        submit=_("Count what they would have found"),
        done=_("It is being counted. Nothing has changed yet."),
        next_url=lambda row: reverse("watch:terms", args=[row.pk]),
        back_url=reverse("watch:pattern", args=[code]),
        back_label=found.name,
        template="watch/edit.html",
        context={"pattern": found},
    )


def _draft(request: HttpRequest, terms_id: UUID) -> PatternTerms:
    require_whole_group(actor_of(request))
    row = PatternTerms.objects.select_related("made_by", "set_by").filter(pk=terms_id).first()
    if row is None or row.pattern not in PATTERNS:
        raise PatternUnknown()
    return row


@requires(EDIT_PATTERN)
@never_cache
@require_safe
def terms(request: HttpRequest, terms_id: UUID) -> HttpResponse:
    """What a draft would have found, against what holds, and putting it in force."""
    row = _draft(request, terms_id)
    found = PATTERNS[row.pattern]
    present = queries.terms_in_force()[row.pattern]
    draft = found.complete(row.thresholds)
    compared = [
        {"label": each.label, "was": was, "then": then, "is_changed": was != then}
        for (each, was), (_each, then) in zip(
            _values(found, present.thresholds), _values(found, draft), strict=True
        )
    ]
    context = {
        "row": row,
        "pattern": found,
        "state": Badge(TermsStatus(row.status).label, _tone(row)),
        "compared": compared,
        "was_on": _ON if present.is_on else _OFF,
        "then_on": _ON if row.is_on else _OFF,
        "is_counting": row.status == TermsStatus.COUNTING,
        "is_counted": row.status == TermsStatus.COUNTED,
    }
    return render(request, "watch/terms.html", context)


@requires(EDIT_PATTERN)
@never_cache
@require_safe
def progress(request: HttpRequest, terms_id: UUID) -> HttpResponse:
    """Whether it is counted; once it is, the page anew."""
    row = _draft(request, terms_id)
    answer = render(request, "watch/parts/counting.html", {"row": row})
    if row.status != TermsStatus.COUNTING:
        answer["HX-Refresh"] = "true"
    return answer


@requires(EDIT_PATTERN)
@require_POST
def put_in_force(request: HttpRequest, terms_id: UUID) -> HttpResponse:
    """Let a draft hold from now on."""
    row = _draft(request, terms_id)
    try:
        services.put_in_force(row.pk, actor=actor_of(request))
    except DomainError as error:
        if error.status in (403, 404):
            raise
        messages.error(request, error.sentence)
        return redirect("watch:terms", row.pk)
    messages.success(request, gettext("These thresholds hold from now on."))
    return redirect("watch:pattern", row.pattern)
